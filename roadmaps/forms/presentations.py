"""Forms of the presentation: its head, a block, its steps, a logo."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms.base import Conflict, RecordForm, VersionedForm
from accounts.models import Interaction
from roadmaps.deck.snapshot import Block
from roadmaps.models import Presentation
from roadmaps.services.logos import ACCEPT
from roadmaps.services.presentations import TEXT_MAX, TITLE_MAX
from upsell_crm.core import clock

LANGUAGES = [("ru", pgettext_lazy("language", "Russian")), ("en", pgettext_lazy("language", "English"))]


class PresentationForm(RecordForm):
    """Title and language of the slides."""

    class Meta:
        model = Presentation
        fields = ["title", "language"]

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["title"].widget.attrs["maxlength"] = TITLE_MAX
        self.fields["language"] = forms.ChoiceField(
            label=gettext_lazy("language of the slides"), choices=LANGUAGES
        )


class BlockForm(VersionedForm):
    """Heading, words and lines of a block."""

    title = forms.CharField(label=gettext_lazy("heading of the slide"), max_length=TITLE_MAX, required=False)
    text = forms.CharField(
        label=gettext_lazy("your words"), max_length=TEXT_MAX, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The client reads them on the slide, above the facts."),
    )  # fmt: skip
    lines = forms.MultipleChoiceField(
        label=gettext_lazy("what goes to the slide"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, block: Block, initial: dict[str, Any]) -> None:
        self.block = block
        kept = [item.key for item, is_in in block.choices if is_in]
        super().__init__(data, initial={"title": block.title, "text": block.text, "lines": kept, **initial})
        if block.choices:
            self.fields["lines"].choices = [(item.key, _line(item)) for item, _is_in in block.choices]  # type: ignore[attr-defined]
        else:
            del self.fields["lines"]

    @property
    def said(self) -> dict[str, Any]:
        """What goes to the service."""
        values = {name: self.cleaned_data[name] for name in ("title", "text", "version")}
        if "lines" in self.fields:
            values["left_out"] = {item.key for item, _is_in in self.block.choices} - set(
                self.cleaned_data["lines"]
            )
        return values

    def conflicts(self, stored: Presentation) -> list[Conflict]:
        """What stands there now against what was typed."""
        now = next(one for one in stored.blocks if one["kind"] == self.block.kind)
        return [
            Conflict(str(self.fields[name].label), now[name] or "—", self.cleaned_data.get(name) or "—")
            for name in ("title", "text")
            if now[name] != self.cleaned_data.get(name)
        ]


def _line(item: Any) -> str:
    text = item.label if len(item.label) < 140 else f"{item.label[:139]}…"
    return f"{text} · {item.source}" if item.has_source else _("%s · no source") % text


class PresentationStepForm(VersionedForm):
    """A step of one version of the presentation."""

    def __init__(self, data: Any = None, *, presentation: Presentation, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.presentation = presentation


class FreezeForm(PresentationStepForm):
    """Nothing has to be asked."""


class ReturnForm(PresentationStepForm):
    """What has to be changed, for the history and the author."""

    reason = forms.CharField(
        label=gettext_lazy("what to change"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ShownForm(PresentationStepForm):
    """The communication in which the client saw the slides."""

    interaction = forms.ModelChoiceField(
        label=gettext_lazy("shown at"), queryset=Interaction.objects.none(),
        help_text=gettext_lazy("Communications since the day of the numbers; log the outcome first if it is not here."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, presentation: Presentation, initial: dict[str, Any]) -> None:
        super().__init__(data, presentation=presentation, initial=initial)
        held = Interaction.objects.held().filter(
            company=presentation.plan.deal.company_id, starts_at__lte=clock.now()
        )
        frozen_on = clock.local_date(presentation.frozen_at)
        if frozen_on is not None:
            held = held.filter(starts_at__gte=clock.bounds(frozen_on)[0])
        self.fields["interaction"].queryset = held.order_by("-starts_at", "-pk")  # type: ignore[attr-defined]


class LogoForm(forms.Form):
    """A picture in PNG or JPEG."""

    file = forms.FileField(
        label=gettext_lazy("picture"), widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("PNG or JPEG up to 1 MB; a transparent background looks best."),
    )  # fmt: skip
