"""Parts that several resources share: labels, references to records and people."""

from rest_framework import serializers


class Rouble(serializers.CharField):
    """The currency of the sums beside it."""

    def __init__(self) -> None:
        super().__init__(read_only=True, default="RUB")


class LabelSerializer(serializers.Serializer):
    """A word for people, in both languages."""

    ru = serializers.CharField(read_only=True)
    en = serializers.CharField(read_only=True)


class ReferenceSerializer(serializers.Serializer):
    """Another record by its identifier and name."""

    id = serializers.UUIDField(read_only=True, source="public_id")
    name = serializers.CharField(read_only=True)


class PayerSerializer(ReferenceSerializer):
    """The company that pays."""

    inn = serializers.CharField(read_only=True)
    kpp = serializers.CharField(read_only=True)


class PersonSerializer(serializers.Serializer):
    """A colleague of ours."""

    id = serializers.UUIDField(read_only=True, source="public_id")
    name = serializers.CharField(read_only=True, source="short_name")
