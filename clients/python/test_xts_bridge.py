"""Tests of xts_bridge against a small peer that speaks the wire protocol: python3 -m unittest discover -s clients/python"""

from __future__ import annotations

import json
import os
import random
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Dict, List, Optional, Set, Tuple
from unittest import mock

try:
    import zmq
    from zmq.auth.thread import ThreadAuthenticator
except ImportError as error:
    raise unittest.SkipTest("pyzmq is not installed; on Debian or Ubuntu: apt-get install python3-zmq") from error

import xts_bridge
from xts_bridge import CurveKeys, OrderEvents, OrderWaitError, XtsBridge, XtsBridgeError

Answer = Optional[Dict[str, Any]]


def order(order_id: str, **more: Any) -> Dict[str, Any]:
    return {"orderId": order_id, "state": "open", "side": "BUY", "symbol": "X", "filledQuantity": 0, **more}


def refusal(kind: str, code: str, message: str = "no", **details: Any) -> Dict[str, Any]:
    return {"ok": False, "error": {"kind": kind, "code": code, "message": message, "details": details}}


class _AllowList:
    def __init__(self, allowed: Set[bytes]) -> None:
        self._allowed = allowed

    def callback(self, domain: str, key: bytes) -> bool:
        return key in self._allowed


class SmallHouse:
    """The wire side of a house: what a client sends is kept, what it gets is said by the test."""

    def __init__(self, server_secret: Optional[bytes] = None) -> None:
        self.seen: List[Tuple[str, Dict[str, Any]]] = []
        self.stored: List[Dict[str, Any]] = []
        self.seq = 0
        self.epoch = "e1"
        self.answers: Dict[str, Callable[[Dict[str, Any]], Answer]] = {"order.replay": self._replay}
        self._context = zmq.Context()
        self._door: Optional[ThreadAuthenticator] = None
        self._router = self._context.socket(zmq.ROUTER)
        self._events = self._context.socket(zmq.PUB)
        self._ticks = self._context.socket(zmq.XPUB)
        for socket in (self._router, self._events, self._ticks):
            socket.setsockopt(zmq.LINGER, 0)
            if server_secret is not None:
                socket.curve_server = True
                socket.curve_secretkey = server_secret
            socket.bind("tcp://127.0.0.1:*")
        self.endpoints = {
            "orders_endpoint": self._router.getsockopt_string(zmq.LAST_ENDPOINT),
            "feed_endpoint": self._router.getsockopt_string(zmq.LAST_ENDPOINT),
            "orders_events_endpoint": self._events.getsockopt_string(zmq.LAST_ENDPOINT),
            "ticks_endpoint": self._ticks.getsockopt_string(zmq.LAST_ENDPOINT),
        }
        self._is_closing = threading.Event()
        self._serving = threading.Thread(target=self._serve)
        self._serving.start()

    def let_in_only(self, allowed: Set[bytes]) -> None:
        """Client public keys that may connect; the house asks at each handshake."""
        self._door = ThreadAuthenticator(self._context)
        self._door.start()
        self._door.configure_curve_callback("*", _AllowList(allowed))

    def event(self, verb: str, view: Dict[str, Any], lost: bool = False, stored: bool = True) -> None:
        self.seq += 1
        topic = f"order.primary.{verb}"
        data = {"order": view}
        event = {"topic": topic, "epoch": self.epoch, "seq": self.seq, "atMs": 1, "data": data}
        if stored:
            self.stored.append(event)
        if not lost:
            self.publish(topic, {"v": 1, **event})

    def heartbeat(self) -> None:
        self.publish("heartbeat", {"v": 1, "epoch": self.epoch, "seq": self.seq, "atMs": 1, "data": None})

    def publish(self, topic: str, message: Any) -> None:
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        self._events.send_multipart([topic.encode(), body])

    def tick(self, topic: str, body: bytes) -> None:
        self._ticks.send_multipart([topic.encode(), body])

    def next_subscription(self) -> bytes:
        if not self._ticks.poll(10_000):
            raise AssertionError("no subscription came")
        return self._ticks.recv()

    def close(self) -> None:
        self._is_closing.set()
        self._serving.join()
        if self._door is not None:
            self._door.stop()
        self._context.destroy(linger=0)

    def _replay(self, envelope: Dict[str, Any]) -> Answer:
        after = envelope["data"]["fromSeq"]
        events = [event for event in self.stored if event["seq"] > after]
        return {"ok": True, "data": {"epoch": self.epoch, "lastSeq": self.seq, "events": events}}

    def _serve(self) -> None:
        while not self._is_closing.is_set():
            if not self._router.poll(20):
                continue
            identity, subject, body = self._router.recv_multipart()
            envelope = json.loads(body)
            self.seen.append((subject.decode(), envelope))
            make_answer = self.answers.get(subject.decode(), lambda _: None)
            answer = make_answer(envelope)
            if answer is not None:
                reply = json.dumps({"v": 1, "id": envelope["id"], "atMs": 1, **answer}).encode()
                self._router.send_multipart([identity, reply])


class WithHouse(unittest.TestCase):
    def setUp(self) -> None:
        self.house = SmallHouse()
        self.addCleanup(self.house.close)
        self.bridge = XtsBridge("the key", timeout_s=10.0, **self.house.endpoints)
        self.addCleanup(self.bridge.close)


class Requests(WithHouse):
    def test_asks_for_changes_under_a_client_order_id_and_for_dry_runs_without(self) -> None:
        for subject in ("order.modify", "order.cancel", "order.cancel-all", "order.dry-run"):
            self.house.answers[subject] = lambda envelope: {"ok": True, "data": envelope["data"]}
        self.assertEqual(self.bridge.modify_order(orderId="o1", price=101.5), {"orderId": "o1", "price": 101.5})
        self.assertEqual(self.bridge.cancel_order(client_order_id="mine", orderId="o1"), {"orderId": "o1"})
        self.assertEqual(self.bridge.cancel_all(exchange="NSE"), {"exchange": "NSE"})
        self.assertEqual(self.bridge.dry_run(symbol="X"), {"symbol": "X"})
        ids = [envelope.get("clientOrderId") for _, envelope in self.house.seen]
        self.assertEqual(ids[1], "mine")
        self.assertNotIn(None, ids[:3])
        self.assertIsNone(ids[3])

    def test_sends_an_order_with_key_deadline_and_a_client_order_id_of_its_own(self) -> None:
        self.house.answers["order.place"] = lambda _: {"ok": True, "data": {"orderId": "o1"}}
        answer = self.bridge.place_order(exchange="NSE", symbol="X", side="BUY", quantity=1)
        self.bridge.place_order(exchange="NSE", symbol="X", side="BUY", quantity=1)
        self.assertEqual(answer, {"orderId": "o1"})
        (subject, first), (_, second) = self.house.seen
        self.assertEqual(subject, "order.place")
        self.assertEqual(first["v"], 1)
        self.assertEqual(first["apiKey"], "the key")
        self.assertEqual(first["data"], {"exchange": "NSE", "symbol": "X", "side": "BUY", "quantity": 1})
        self.assertGreater(first["deadlineAtMs"], time.time() * 1000)
        self.assertRegex(first["clientOrderId"], r"^[\w-]{16}$")
        self.assertNotEqual(first["clientOrderId"], second["clientOrderId"])

    def test_never_sends_an_order_again_whose_reply_was_lost(self) -> None:
        self.house.answers["book.positions"] = lambda _: {"ok": True, "data": []}
        self.bridge.positions()  # connected now
        self.house.seen.clear()
        with self.assertRaises(XtsBridgeError) as caught:
            self.bridge.smart_order(timeout_s=0.1, exchange="NSE", symbol="X", product="MIS", targetPosition=1)
        self.assertEqual((caught.exception.kind, caught.exception.code), ("unknown", "REPLY_LOST"))
        [(_, sent)] = self.house.seen
        self.assertEqual(caught.exception.details["clientOrderId"], sent["clientOrderId"])

    def test_ignores_a_late_reply_and_whatever_is_no_reply(self) -> None:
        late: List[str] = []

        def keep_silent(envelope: Dict[str, Any]) -> Answer:
            late.append(envelope["id"])
            return None

        self.house.answers["book.positions"] = lambda _: {"ok": True, "data": []}
        self.bridge.positions()
        self.house.answers["order.status"] = keep_silent
        with self.assertRaises(XtsBridgeError):
            self.bridge.order_status(timeout_s=0.1, orderId="o1")
        self.house.answers["order.status"] = lambda _: {"id": late[0], "ok": True, "data": "late"}
        with self.assertRaises(XtsBridgeError):
            self.bridge.order_status(timeout_s=0.1, orderId="o1")
        self.house.answers["order.status"] = lambda _: {"ok": True, "data": "in time"}
        self.assertEqual(self.bridge.order_status(orderId="o1"), "in time")

    def test_raises_the_refusal_of_the_house(self) -> None:
        sentence = 'quantity 7 is not a multiple of the lot size 5 of "X".'
        answer = refusal("invalid", "ORDER_QUANTITY_NOT_LOT_MULTIPLE", sentence, lotSize=5)
        self.house.answers["order.place"] = lambda _: answer
        with self.assertRaisesRegex(XtsBridgeError, "lot size 5") as caught:
            self.bridge.place_order(client_order_id="mine", quantity=7)
        self.assertEqual(caught.exception.kind, "invalid")
        self.assertEqual(caught.exception.code, "ORDER_QUANTITY_NOT_LOT_MULTIPLE")
        self.assertEqual(caught.exception.details, {"lotSize": 5, "clientOrderId": "mine"})

    def test_says_with_certainty_that_nothing_was_sent_while_no_service_is_there(self) -> None:
        with XtsBridge("k", orders_endpoint="tcp://127.0.0.1:1") as nowhere:
            with self.assertRaises(XtsBridgeError) as caught:
                nowhere.place_order(timeout_s=0.1, quantity=1)
        self.assertEqual((caught.exception.kind, caught.exception.code), ("unavailable", "REQUEST_NOT_SENT"))

    def test_may_be_used_by_many_threads_at_once(self) -> None:
        self.house.answers["order.status"] = lambda envelope: {"ok": True, "data": envelope["data"]["orderId"]}
        ids = [f"o{n}" for n in range(200)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda one: self.bridge.order_status(orderId=one), ids))
        self.assertEqual(answers, ids)

    def test_asks_for_books_and_quotes(self) -> None:
        for subject in (
            "book.positions", "book.orders", "book.trades", "book.open-position", "book.holdings", "book.funds",
            "position.convert", "order.history", "market.quotes",
        ):
            self.house.answers[subject] = lambda envelope: {"ok": True, "data": envelope["data"]}
        self.assertEqual(self.bridge.positions(account="primary"), {"account": "primary"})
        self.assertEqual(self.bridge.native_positions(fresh=True), {"fresh": True, "native": True})
        self.assertEqual(self.bridge.order_book(), {})
        self.assertEqual(self.bridge.trade_book(clientID="CLI7"), {"clientID": "CLI7"})
        self.assertEqual(
            self.bridge.open_position("NSE", "X", "MIS"), {"exchange": "NSE", "symbol": "X", "product": "MIS"}
        )
        self.assertEqual(self.bridge.holdings(), {})
        self.assertEqual(self.bridge.funds(fresh=True), {"fresh": True})
        self.assertEqual(self.bridge.convert_position(quantity=5), {"quantity": 5})
        self.assertEqual(self.bridge.order_history(orderId="o1"), {"orderId": "o1"})
        self.assertEqual(self.bridge.quotes("NSE", "X"), {"exchange": "NSE", "symbol": "X"})


class TickSubscriptions(WithHouse):
    def test_gives_ticks_of_the_asked_topic_alone(self) -> None:
        with self.bridge.ticks("NSE_A_LTP", timeout_s=10.0) as ticks:
            self.assertEqual(self.house.next_subscription(), b"\x01NSE_A_LTP")
            self.house.tick("NSE_A_LTP_QUOTE", b'{"ltp": 1}')
            self.house.tick("NSE_A_LTP", b'{"ltp":')
            self.house.tick("NSE_A_LTP", b'{"ltp": 2}')
            self.assertEqual(next(ticks), ("NSE_A_LTP", {"ltp": 2}))
        self.assertEqual(self.house.next_subscription(), b"\x00NSE_A_LTP")

    def test_gives_ticks_of_a_prefix(self) -> None:
        with self.bridge.ticks("NSE_", timeout_s=10.0) as ticks:
            self.house.next_subscription()
            self.house.tick("NFO_B_LTP", b'{"ltp": 1}')
            self.house.tick("NSE_A_LTP", b'{"ltp": 2}')
            self.assertEqual(next(ticks)[0], "NSE_A_LTP")

    def test_raises_when_no_tick_comes(self) -> None:
        with self.bridge.ticks("NSE_A_LTP", timeout_s=0.05) as ticks:
            with self.assertRaisesRegex(TimeoutError, "NSE_A_LTP"):
                next(ticks)


class EventsOverTheWire(WithHouse):
    def next_id(self, events: OrderEvents) -> str:
        """The order of the next event; heartbeats go out until it comes, as they do each second."""
        for _ in range(500):
            event = events.get(0.02)
            if event is not None:
                return event["data"]["order"]["orderId"]
            self.house.heartbeat()
        raise AssertionError("no event came")

    def test_gives_what_came_after_and_nothing_from_before(self) -> None:
        self.house.event("filled", order("before"))
        with self.bridge.order_events() as events:
            self.house.event("filled", order("after"))
            self.assertEqual(self.next_id(events), "after")
            self.assertIsNone(events.get(0.05))

    def test_repairs_what_was_lost_on_the_way_the_last_event_too(self) -> None:
        with self.bridge.order_events() as events:
            self.house.event("accepted", order("a"), lost=True)
            self.house.event("opened", order("b"))
            self.house.event("filled", order("c"), lost=True)
            self.assertEqual([self.next_id(events) for _ in "abc"], ["a", "b", "c"])
            self.assertEqual(events.losses, [])

    def test_names_as_lost_what_nobody_has(self) -> None:
        with self.bridge.order_events() as events:
            self.house.event("accepted", order("a"), lost=True, stored=False)
            self.house.event("opened", order("b"))
            self.assertEqual(self.next_id(events), "b")
            self.assertEqual([loss[:2] for loss in events.losses], [(1, 1)])

    def test_reads_on_after_messages_that_are_no_events(self) -> None:
        with self.bridge.order_events() as events:
            for body in (b"{", b"[]", b"null", b'{"v":1,"epoch":"e1"}', b'{"v":2,"epoch":"e1","seq":1,"atMs":1,"data":1}'):
                self.house.publish("order.primary.filled", body)
            self.house.event("filled", order("good"))
            self.assertEqual(self.next_id(events), "good")

    def test_raises_when_the_house_refuses(self) -> None:
        self.house.answers["order.replay"] = lambda _: refusal("refused", "SCOPE_MISSING")
        with self.assertRaises(XtsBridgeError) as caught:
            self.bridge.order_events()
        self.assertEqual(caught.exception.code, "SCOPE_MISSING")

    def test_waits_for_an_order_by_event_also_when_the_event_is_lost(self) -> None:
        def status(_: Dict[str, Any]) -> Answer:
            self.house.event("filled", order("o2", state="filled"))
            self.house.event("filled", order("o1", state="filled", averagePrice=5), lost=True)
            self.house.heartbeat()
            return {"ok": True, "data": order("o1")}

        self.house.answers["order.status"] = status
        beating = threading.Event()

        def beat() -> None:
            while not beating.wait(0.05):
                self.house.heartbeat()

        thread = threading.Thread(target=beat)
        thread.start()
        try:
            self.assertEqual(self.bridge.wait_for_order("o1", timeout_s=10.0)["averagePrice"], 5)
        finally:
            beating.set()
            thread.join()

    def test_stops_waiting_when_the_order_ended_otherwise(self) -> None:
        rejected = order("o1", state="rejected", reason="no margin")
        self.house.answers["order.status"] = lambda _: {"ok": True, "data": rejected}
        with self.assertRaisesRegex(OrderWaitError, r"o1 is rejected \(no margin\)") as caught:
            self.bridge.wait_for_order("o1")
        self.assertEqual(caught.exception.order, rejected)

    def test_stops_waiting_when_the_time_is_over(self) -> None:
        self.house.answers["order.status"] = lambda _: {"ok": True, "data": order("o1")}
        with self.assertRaisesRegex(OrderWaitError, "o1 is open after 0.2 s"):
            self.bridge.wait_for_order("o1", timeout_s=0.2)


class SequenceUnderRandomLosses(unittest.TestCase):
    """OrderEvents without a wire: frames are fed by hand."""

    def setUp(self) -> None:
        pauses = mock.patch.object(xts_bridge, "_REPAIR_PAUSES_S", (0.0,))
        pauses.start()
        self.addCleanup(pauses.stop)
        self.context = zmq.Context()
        self.addCleanup(self.context.destroy)

    def follow(self, replay: Callable[[int, Optional[str]], Dict[str, Any]]) -> OrderEvents:
        events = OrderEvents(self.context, "tcp://127.0.0.1:1", replay)
        self.addCleanup(events.close)
        return events

    @staticmethod
    def frames(seq: int, epoch: str = "e1", topic: str = "order.primary.filled") -> List[bytes]:
        body = {"v": 1, "epoch": epoch, "seq": seq, "atMs": 1, "data": {"order": {"orderId": str(seq)}}}
        return [topic.encode(), json.dumps(body).encode()]

    def test_gives_every_event_once_and_in_order_or_names_it_as_lost(self) -> None:
        for seed in range(300):
            dice = random.Random(seed)
            total = dice.randint(1, 40)
            stored: List[int] = []

            def replay(after: int, _: Optional[str]) -> Dict[str, Any]:
                if after < 1_000_000 and dice.random() < 0.2:
                    raise XtsBridgeError("unavailable", "NOT_READY", "not now")
                found = [seq for seq in stored if seq > after][: dice.randint(1, 5)]
                dice.shuffle(found)
                rows = [{"topic": "t", "epoch": "e1", "seq": s, "atMs": 1, "data": {"order": {"orderId": str(s)}}} for s in found]
                return {"epoch": "e1", "lastSeq": 0, "events": rows}

            events = self.follow(replay)
            for seq in range(1, total + 1):
                if dice.random() < 0.8:
                    stored.append(seq)
                for _ in range(dice.choice((0, 1, 1, 2))):
                    events._read(self.frames(seq))
                if dice.random() < 0.2:
                    events._read(self.frames(seq, topic="heartbeat"))
            events._read(self.frames(total, topic="heartbeat"))
            given = []
            while True:
                event = events.get(0.0) if events._due else None
                if event is None:
                    break
                given.append(event["seq"])
            lost = [seq for first, last, _ in events.losses for seq in range(first, last + 1)]
            self.assertEqual(given, sorted(set(given)), f"seed {seed}")
            self.assertEqual(sorted(given + lost), list(range(1, total + 1)), f"seed {seed}")

    def test_begins_anew_with_a_new_epoch_and_does_not_go_back(self) -> None:
        rows = [{"topic": "t", "epoch": "e2", "seq": 1, "atMs": 1, "data": {"order": {"orderId": "o1"}}}]
        answers = iter([{"epoch": "e1", "lastSeq": 7, "events": []}, {"epoch": "e2", "lastSeq": 2, "events": rows}])
        events = self.follow(lambda _after, _epoch: next(answers))
        events._read(self.frames(2, epoch="e2"))
        events._read(self.frames(8, epoch="e1"))
        self.assertEqual([event["seq"] for event in events._due], [1, 2])
        self.assertIn("e2", events.losses[0][2])


class Curve(unittest.TestCase):
    def setUp(self) -> None:
        self.server_public, server_secret = zmq.curve_keypair()
        self.house = SmallHouse(server_secret)
        self.addCleanup(self.house.close)
        self.house.answers["order.place"] = lambda _: {"ok": True, "data": {"orderId": "o1"}}
        self.public, self.secret = zmq.curve_keypair()
        self.allowed = {self.public}
        self.house.let_in_only(self.allowed)

    def keys(self, **change: bytes) -> CurveKeys:
        keys = {"server_public_key": self.server_public, "public_key": self.public, "secret_key": self.secret}
        return CurveKeys(**{name: key.decode() for name, key in {**keys, **change}.items()})

    def connect(self, curve: Optional[CurveKeys]) -> XtsBridge:
        # Far longer than a refusal takes to be known: a bare timeout would fail these tests.
        bridge = XtsBridge("k", timeout_s=60, curve=curve, **self.house.endpoints)
        self.addCleanup(bridge.close)
        return bridge

    def assert_refused(self, why: str, action: Callable[[], Any]) -> None:
        with self.assertRaises(XtsBridgeError) as caught:
            action()
        self.assertEqual((caught.exception.kind, caught.exception.code), ("unavailable", "CURVE_REFUSED"))
        self.assertIn(why, str(caught.exception))

    def test_requests_ticks_and_order_events_pass_for_a_key_that_is_let_in(self) -> None:
        bridge = self.connect(self.keys())
        self.assertEqual(bridge.place_order(symbol="X"), {"orderId": "o1"})
        with bridge.ticks("NSE_X_LTP", timeout_s=10) as ticks:
            self.house.next_subscription()
            self.house.tick("NSE_X_LTP", b'{"ltp": 1}')
            self.assertEqual(next(ticks), ("NSE_X_LTP", {"ltp": 1}))
        with bridge.order_events() as events:
            self.house.event("filled", order("o1"))
            event = events.get(0.05)
            # An event that came before the subscription is repaired by the heartbeat.
            for _ in range(200):
                if event is not None:
                    break
                self.house.heartbeat()
                event = events.get(0.05)
            self.assertEqual(event and event["data"]["order"]["orderId"], "o1")

    def test_a_key_that_is_not_let_in_is_told_at_once(self) -> None:
        public, secret = zmq.curve_keypair()
        bridge = self.connect(self.keys(public_key=public, secret_key=secret))
        self.assert_refused("allow-list", lambda: bridge.place_order(symbol="X"))
        with bridge.ticks("NSE_X_LTP", timeout_s=60) as ticks:
            self.assert_refused("allow-list", lambda: next(ticks))
        self.allowed.add(public)
        self.assertEqual(bridge.place_order(symbol="X"), {"orderId": "o1"})

    def test_another_server_key_is_told_at_once(self) -> None:
        other, _ = zmq.curve_keypair()
        bridge = self.connect(self.keys(server_public_key=other))
        self.assert_refused("server public key", lambda: bridge.place_order(symbol="X"))

    def test_a_client_without_keys_is_told_at_once(self) -> None:
        bridge = self.connect(None)
        self.assert_refused("only clients with CURVE keys", lambda: bridge.place_order(symbol="X"))

    def test_an_api_key_does_not_go_to_another_machine_in_the_clear(self) -> None:
        with XtsBridge("k", orders_endpoint="tcp://203.0.113.9:5562") as bridge:
            with self.assertRaises(XtsBridgeError) as caught:
                bridge.positions()
        self.assertEqual(caught.exception.code, "ENDPOINT_NOT_LOCAL")

    def test_keys_are_read_from_the_folder_that_was_made_for_this_machine(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            written = {"server.pub": self.server_public, "client.pub": self.public, "client.key": self.secret}
            for name, key in written.items():
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(key + b"\n")
            secret = os.path.join(folder, "client.key")
            os.chmod(secret, 0o600)
            self.assertEqual(CurveKeys.read(folder), self.keys())
            os.chmod(secret, 0o644)
            with self.assertRaisesRegex(XtsBridgeError, "it must be 600"):
                CurveKeys.read(folder)
            os.remove(secret)
            with self.assertRaisesRegex(XtsBridgeError, "client.key"):
                CurveKeys.read(folder)


if __name__ == "__main__":
    unittest.main()
