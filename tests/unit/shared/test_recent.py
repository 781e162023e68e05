"""A memory of bounded size: one value for each key, and whoever was seen longest ago is forgotten first."""

import threading

from shared.recent import Recent


def test_a_key_has_one_value() -> None:
    recent = Recent[str, list[str]](2, list)
    recent.of("a").append("seen")
    assert (recent.of("a"), recent.of("b")) == (["seen"], [])


def test_whoever_was_seen_longest_ago_is_forgotten() -> None:
    recent = Recent[str, list[str]](3, list)
    for key in ("a", "b", "c", "a", "d"):
        recent.of(key).append(key)
    assert [recent.of(key) for key in ("d", "a", "c")] == [["d"], ["a", "a"], ["c"]]
    assert recent.of("b") == []


def test_a_value_is_forgotten_on_demand() -> None:
    recent = Recent[str, list[str]](2, list)
    recent.of("a").append("seen")
    recent.forget("a", lambda value: value == ["another"])
    recent.forget("unknown")
    assert recent.of("a") == ["seen"]
    recent.forget("a", lambda value: value == ["seen"])
    assert recent.of("a") == []
    recent.of("a").append("again")
    recent.forget("a")
    assert recent.of("a") == []


def test_threads_get_the_same_value() -> None:
    met = threading.Barrier(8)
    recent = Recent[str, object](2, object)
    seen: list[object] = []

    def look() -> None:
        met.wait(10)
        seen.append(recent.of("a"))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (len(seen), len(set(seen))) == (8, 1)
