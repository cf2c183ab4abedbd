"""Template tags of the product: money, dates relative to today, charts as SVG (no inline style)."""

from django import template

register = template.Library()
