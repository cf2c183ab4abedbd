"""The signs of the outcome line with an example each; the examples are Russian in every language, as the line is."""

from django.utils.translation import gettext_lazy as _

EXAMPLE = "@Орехов !дорого +пилот 20 лиц >КП пт ?интеграция с 1С"
SIGNS = (
    ("@Орехов", _("took part: a surname in any case, a name, a position; @+ adds a new person")),
    ("!дорого", _("an objection: price, budget, security, a competitor… by its words")),
    ("+пилот 20 лиц", _("an agreement; with a day it becomes a task")),
    ("+2 Casebook · -Caselook", _("the reaction to a product")),
    (">КП пт", _("the next step and a task; days: завтра, пт, 12.12, через 3 р. д., конец месяца")),
    ("?интеграция с 1С", _("a feature that the client waits for")),
    ("бюджет 1,2 млн", _("the budget; «договорились…», «следующий шаг…» are understood without a sign too")),
)  # fmt: skip
