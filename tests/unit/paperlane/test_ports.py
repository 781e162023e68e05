"""Ports are kept while they are free and never given twice."""

from paperlane.local.ports import RANGE, assign


def test_a_free_port_is_kept_and_a_taken_one_replaced() -> None:
    ports = assign(["s3", "mongodb"], {"s3": 20_001, "mongodb": 20_002}, usable=lambda port: port != 20_002)
    assert ports["s3"] == 20_001
    assert ports["mongodb"] not in (20_001, 20_002)


def test_every_name_gets_its_own_port() -> None:
    names = [f"part-{number}" for number in range(200)]
    assert len({*assign(names, {}, usable=lambda _: True).values()}) == len(names)


def test_ports_lie_below_those_of_outgoing_connections() -> None:
    assert RANGE.stop <= 32_768
    assert assign(["s3"], {}, usable=lambda port: port in RANGE)["s3"] in RANGE


def test_a_name_not_asked_for_keeps_its_port() -> None:
    assert assign([], {"mongodb": 20_002}, usable=lambda _: False) == {"mongodb": 20_002}
