"""`./crm test`, `check`, `messages`, `bench`, `shots`: the developer's commands."""


def test(a):
    return 0


def check(a):
    return 0


def messages(a):
    return 0


def bench(a):
    return 0


def shots(a):
    return 0
