"""Finding a product by its code or by its name in either language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.imports import values
from accounts.imports.base import Field, Row, RowProblem
from accounts.models import Product
from upsell_crm.core.text import normalise

PRODUCT_FIELD = Field(
    "product", gettext_lazy("Product"), values.text(100),
    ("продукт", "сервис", "система", "наименование продукта", "код продукта", "product", "product code", "service"),
    required=True, hint=gettext_lazy("Code or name from the catalogue."), example="casebook",
)  # fmt: skip


class ProductIndex:
    """The whole catalogue: a few dozen rows."""

    def __init__(self) -> None:
        self._products: dict[str, Product] = {}
        for product in Product.objects.order_by("-pk"):
            for word in (product.name_en, product.name_ru, product.code):
                self._products[_squeezed(word)] = product

    def get(self, row: Row, column: str = "product", *, licensable: bool = True) -> Product:
        """The product of a row; raises RowProblem for an unknown one or a public service (R3)."""
        product = self._products.get(_squeezed(row.values[column]))
        if product is None:
            known = ", ".join(sorted({one.code for one in self._products.values()}))
            raise RowProblem(column, _("Unknown product. Known ones: %(known)s.") % {"known": known})
        if licensable and not product.is_licensable:
            raise RowProblem(column, _("This product is a public service and is not licensed."))
        return product


def _squeezed(word: str) -> str:
    """«GTX Pro» is «GTXPro»."""
    return normalise(word).replace(" ", "")
