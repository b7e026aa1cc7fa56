"""Trade and listen through xts-bridge from Python: one module, needs Python 3.9 or newer and pyzmq.

    from xts_bridge import XtsBridge

    with XtsBridge(api_key) as bridge:
        answer = bridge.smart_order(exchange="NSE", symbol="RELIANCE", product="MIS", targetPosition=10)

Requests wait for their answer; ticks and order events are iterated. Prices are rupees, times epoch milliseconds.
"""

from __future__ import annotations

import json
import os
import queue
import re
import secrets
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

import zmq
from zmq.utils.monitor import recv_monitor_message

ENVELOPE_VERSION = 1
HEARTBEAT_TOPIC = "heartbeat"
TERMINAL_STATES = ("filled", "cancelled", "rejected", "absent")

ORDERS_REQUESTS_ENDPOINT = "tcp://127.0.0.1:5562"
ORDERS_EVENTS_ENDPOINT = "tcp://127.0.0.1:5572"
FEED_REQUESTS_ENDPOINT = "tcp://127.0.0.1:5564"
FEED_TICKS_ENDPOINT = "tcp://127.0.0.1:5555"

_AFTER_EVERYTHING = 2**53 - 1
_REPAIR_PAUSES_S = (0.0, 0.25, 1.0, 2.0)
_THIS_MACHINE = re.compile(r"(ipc://.|tcp://(127(\.\d{1,3}){3}|\[::1\]|localhost):)")
_KEY = re.compile(r"[0-9a-zA-Z.\-:+=^!/*?&<>()\[\]{}@%$#]{40}")
_HANDSHAKES = (
    zmq.EVENT_HANDSHAKE_SUCCEEDED
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
)
#: A house that stops in the middle of a handshake looks like one with another key, but not several times.
_BROKEN_HANDSHAKES = 3
_MECHANISM_MISMATCH = 0x11000002

Json = Dict[str, Any]
#: Events that will not come: first and last sequence number, and why.
Loss = Tuple[int, int, str]


class XtsBridgeError(Exception):
    """The house said no, or did not answer.

    ``kind`` tells whether one may ask again: invalid (fix it), refused, unavailable (nothing was sent), rejected (by the
    broker), unknown (it may have been executed: never place a new order, placing with the same client_order_id is safe
    and gives the first answer), internal. ``details`` holds the clientOrderId of an order.
    """

    def __init__(self, kind: str, code: str, message: str, details: Optional[Json] = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = code
        self.details = details or {}


class OrderWaitError(Exception):
    """The order ended in another state, or the time is over. ``order`` is the last that is known, or None."""

    def __init__(self, message: str, order: Optional[Json]) -> None:
        super().__init__(message)
        self.order = order


class CurveKeys(NamedTuple):
    """Keys for a house on another machine; each is 40 characters of Z85."""

    server_public_key: str
    public_key: str
    secret_key: str

    @staticmethod
    def read(folder: str) -> "CurveKeys":
        """Reads the folder that ``npm run curve-keys -- client <name>`` wrote. Raises XtsBridgeError
        CURVE_KEYS_UNUSABLE when a file is missing or no key, or others can read the secret."""
        try:
            mode = os.stat(os.path.join(folder, "client.key")).st_mode & 0o777
            if mode & 0o077:
                raise ValueError(f"client.key has mode {mode:o}; it must be 600")
            return CurveKeys(*(_read_key(folder, name) for name in ("server.pub", "client.pub", "client.key")))
        except (OSError, ValueError) as error:
            message = f'The CURVE keys in "{folder}" cannot be used: {error}.'
            raise XtsBridgeError("refused", "CURVE_KEYS_UNUSABLE", message) from error


class _Connection:
    """A socket to the house, and what became of its handshake, of which ZeroMQ says nothing to who sends or receives."""

    def __init__(
        self, context: zmq.Context, kind: int, endpoint: str, curve: Optional[CurveKeys], **options: Any
    ) -> None:
        if curve is None and not _THIS_MACHINE.match(endpoint):
            message = f'The endpoint "{endpoint}" is neither loopback nor ipc; other addresses need CURVE keys.'
            raise XtsBridgeError("refused", "ENDPOINT_NOT_LOCAL", message)
        self.socket = _new_socket(context, kind)
        self._endpoint = endpoint
        self._has_keys = curve is not None
        self._broken = 0
        if curve is not None:
            self.socket.curve_serverkey = curve.server_public_key.encode()
            self.socket.curve_publickey = curve.public_key.encode()
            self.socket.curve_secretkey = curve.secret_key.encode()
        for name, value in options.items():
            self.socket.setsockopt(getattr(zmq, name), value)
        self._monitor = self.socket.get_monitor_socket(_HANDSHAKES)
        self._poller = zmq.Poller()
        self._poller.register(self._monitor, zmq.POLLIN)
        self.socket.connect(endpoint)

    def poll(self, timeout_ms: Optional[int], flags: int = zmq.POLLIN) -> bool:
        """True when the socket can receive (or send); raises XtsBridgeError CURVE_REFUSED when the house refuses it."""
        give_up = None if timeout_ms is None else time.monotonic() + timeout_ms / 1000
        self._poller.register(self.socket, flags)
        while True:
            ready = dict(self._poller.poll(None if give_up is None else _milliseconds_until(give_up)))
            if self._monitor in ready:
                self._hear(recv_monitor_message(self._monitor))
            if self.socket in ready:
                return True
            if not ready:
                return False

    def close(self) -> None:
        # Closing the bridge closes every socket before its owner does.
        if not self.socket.closed:
            self.socket.disable_monitor()
        self._monitor.close(linger=0)
        self.socket.close(linger=0)

    def _hear(self, heard: Json) -> None:
        event, value = heard["event"], heard["value"]
        if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            self._broken = 0
        elif event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
            self._refuse("the house does not let this key in; its public key belongs on the house's allow-list")
        elif event == zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL:
            self._refuse(self._protocol_reason(value))
        elif self._has_keys:
            self._broken += 1
            if self._broken >= _BROKEN_HANDSHAKES:
                self._refuse("the house broke it off; the server public key is likely not its own")

    def _protocol_reason(self, value: int) -> str:
        if value != _MECHANISM_MISMATCH:
            return f"the two do not understand each other (0x{value:x})"
        if self._has_keys:
            return "the house does not speak CURVE"
        return "the house lets in only clients with CURVE keys, and this one was given none"

    def _refuse(self, reason: str) -> None:
        message = f'There is no connection to "{self._endpoint}", because the handshake failed: {reason}.'
        details = {"endpoint": self._endpoint, "reason": reason}
        raise XtsBridgeError("unavailable", "CURVE_REFUSED", message, details)


class _Service:
    """Requests to one service. Each has a socket to itself while it runs, because ZeroMQ's are not for sharing."""

    def __init__(
        self, context: zmq.Context, endpoint: str, api_key: str, curve: Optional[CurveKeys] = None
    ) -> None:
        self._context = context
        self._endpoint = endpoint
        self._api_key = api_key
        self._curve = curve
        self._idle: "queue.LifoQueue[_Connection]" = queue.LifoQueue()

    def ask(self, subject: str, data: Json, timeout_s: float, client_order_id: Optional[str] = None) -> Any:
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = _Connection(self._context, zmq.DEALER, self._endpoint, self._curve, IMMEDIATE=1)
        is_good = True
        try:
            return self._exchange(connection, subject, data, timeout_s, client_order_id)
        except XtsBridgeError as error:
            # ZeroMQ does not try again after a refusal; the next request begins anew.
            is_good = error.code != "CURVE_REFUSED"
            raise
        finally:
            if is_good:
                self._idle.put(connection)
            else:
                connection.close()

    def _exchange(
        self, connection: _Connection, subject: str, data: Json, timeout_s: float, client_order_id: Optional[str]
    ) -> Any:
        socket = connection.socket
        give_up = time.monotonic() + timeout_s
        envelope: Json = {
            "v": ENVELOPE_VERSION,
            "id": secrets.token_urlsafe(12),
            "apiKey": self._api_key,
            "deadlineAtMs": int(time.time() * 1000 + timeout_s * 1000),
            "data": data,
        }
        if client_order_id is not None:
            envelope["clientOrderId"] = client_order_id
        # With IMMEDIATE a socket is writable only while a connection stands, so a request that was not sent by its
        # deadline is certainly nowhere.
        if not connection.poll(_milliseconds_until(give_up), zmq.POLLOUT):
            reason = f"no service answered at {self._endpoint} within {timeout_s:g} s"
            raise _not_sent(subject, reason)
        try:
            socket.send_multipart([subject.encode(), json.dumps(envelope).encode()], zmq.NOBLOCK)
        except zmq.Again as error:
            raise _not_sent(subject, f"the connection to {self._endpoint} was lost") from error
        # What was sent stays unknown, so a handshake that fails from now on is not a refusal of this request.
        while socket.poll(_milliseconds_until(give_up)):
            reply = _parse_json(socket.recv_multipart()[-1])
            # Others are answers to requests that were given up.
            if isinstance(reply, dict) and reply.get("id") == envelope["id"]:
                return _data_of(reply)
        raise XtsBridgeError(
            "unknown",
            "REPLY_LOST",
            f'No reply to "{subject}" arrived within {timeout_s:g} s; whether it was carried out is not known.',
        )


class XtsBridge:
    """A strategy's hand on the bridge. Connecting happens in the background; use it as a context manager, or close it."""

    def __init__(
        self,
        api_key: str,
        orders_endpoint: str = ORDERS_REQUESTS_ENDPOINT,
        orders_events_endpoint: str = ORDERS_EVENTS_ENDPOINT,
        feed_endpoint: str = FEED_REQUESTS_ENDPOINT,
        ticks_endpoint: str = FEED_TICKS_ENDPOINT,
        timeout_s: float = 10.0,
        curve: Optional[CurveKeys] = None,
    ) -> None:
        self._context = zmq.Context()
        self._orders = _Service(self._context, orders_endpoint, api_key, curve)
        self._feed = _Service(self._context, feed_endpoint, api_key, curve)
        self._curve = curve
        self._orders_events_endpoint = orders_events_endpoint
        self._ticks_endpoint = ticks_endpoint
        self._timeout_s = timeout_s

    def __enter__(self) -> "XtsBridge":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes every socket, also those of ticks and order events still in use."""
        self._context.destroy(linger=0)

    def place_order(
        self, client_order_id: Optional[str] = None, timeout_s: Optional[float] = None, **order: Any
    ) -> Json:
        """One order: ``exchange, symbol, side, quantity``, and ``priceType, product, price, …`` as needed.

        A client_order_id is made up when none is given. After an error of kind unknown, asking again with the one in
        ``error.details["clientOrderId"]`` gives the first answer and sends nothing anew.
        """
        return self._act("order.place", order, client_order_id, timeout_s)

    def smart_order(
        self, client_order_id: Optional[str] = None, timeout_s: Optional[float] = None, **order: Any
    ) -> Json:
        """Brings a position to ``targetPosition``: ``exchange, symbol, product, targetPosition``. Rules as place_order."""
        return self._act("order.smart", order, client_order_id, timeout_s)

    def modify_order(
        self, client_order_id: Optional[str] = None, timeout_s: Optional[float] = None, **change: Any
    ) -> Json:
        """New terms for a working order: one of ``orderId, brokerOrderId, clientOrderId`` names it, and ``quantity`` (the
        whole, not the remainder), ``priceType, price, triggerPrice, validity`` are its terms; what is left out stays.

        ``change["state"]`` of the answer is ``requested`` until the order shows it; the events ``modified`` and
        ``change-refused`` tell what came of it. Rules as place_order; for kind unknown never ask again under a new id.
        """
        return self._act("order.modify", change, client_order_id, timeout_s)

    def cancel_order(
        self, client_order_id: Optional[str] = None, timeout_s: Optional[float] = None, **order: Any
    ) -> Json:
        """Asks the broker to take one order back, named by one of ``orderId, brokerOrderId, clientOrderId``.

        ``state`` of the answer is ``cancelled`` only on evidence; else wait for it with wait_for_order. An order that has
        ended answers its state. Rules as place_order.
        """
        return self._act("order.cancel", order, client_order_id, timeout_s)

    def cancel_all(
        self, client_order_id: Optional[str] = None, timeout_s: Optional[float] = None, **asked: Any
    ) -> Json:
        """Cancels every working order of the account, also those placed elsewhere; ``clientID, exchange, symbol, product``
        narrow it. ``orders`` of the answer has a row for each; one with ``error`` may still be working."""
        return self._act("order.cancel-all", asked, client_order_id, timeout_s)

    def dry_run(self, timeout_s: Optional[float] = None, **order: Any) -> Json:
        """Everything place_order does, up to the wire: ``dryRun`` of the answer is the call that would have been made."""
        return self._orders.ask("order.dry-run", order, timeout_s or self._timeout_s)

    def positions(self, timeout_s: Optional[float] = None, **query: Any) -> List[Json]:
        """Net positions with their profit; a closed one stays with quantity 0 until the day ends.

        ``unrealisedPnl`` and ``pnl`` are missing where there is no last price. Every book is answered from the house's
        own state, as of ``asOfMs`` in each row; ``fresh=True`` reads the broker first, ``clientID="…"`` takes a dealer's
        client. A book that cannot be told is an error and never an empty list.
        """
        return self._orders.ask("book.positions", query, timeout_s or self._timeout_s)

    def native_positions(self, timeout_s: Optional[float] = None, **query: Any) -> Json:
        """The position book in the broker's own words: ``{"rows": […], "asOfMs": …}``."""
        return self._orders.ask("book.positions", {**query, "native": True}, timeout_s or self._timeout_s)

    def open_position(
        self, exchange: str, symbol: str, product: str, timeout_s: Optional[float] = None, **query: Any
    ) -> Json:
        """One position; its net ``quantity`` is text, "0" only where the book shows it."""
        asked = {"exchange": exchange, "symbol": symbol, "product": product, **query}
        return self._orders.ask("book.open-position", asked, timeout_s or self._timeout_s)

    def order_book(self, timeout_s: Optional[float] = None, **query: Any) -> List[Json]:
        """Every order of the day, ours and those placed elsewhere."""
        return self._orders.ask("book.orders", query, timeout_s or self._timeout_s)

    def trade_book(self, timeout_s: Optional[float] = None, **query: Any) -> List[Json]:
        """Every fill of the day, once."""
        return self._orders.ask("book.trades", query, timeout_s or self._timeout_s)

    def holdings(self, timeout_s: Optional[float] = None, **query: Any) -> List[Json]:
        """What the depository account holds, at the last price; read anew after a minute."""
        return self._orders.ask("book.holdings", query, timeout_s or self._timeout_s)

    def funds(self, timeout_s: Optional[float] = None, **query: Any) -> Json:
        """The account's limits, in rupees; read anew after five seconds."""
        return self._orders.ask("book.funds", query, timeout_s or self._timeout_s)

    def convert_position(
        self, client_order_id: Optional[str] = None, timeout_s: Optional[float] = None, **wish: Any
    ) -> Json:
        """Moves ``quantity`` of ``exchange, symbol`` from ``fromProduct`` to ``toProduct``. Rules as place_order.

        After an error of kind unknown (CONVERSION_REPLY_LOST) look at the positions, and never convert again.
        """
        return self._act("position.convert", wish, client_order_id, timeout_s)

    def order_history(self, timeout_s: Optional[float] = None, **query: Any) -> Json:
        """Everything that was told of one order, named as for order_status; ``fresh=True`` adds the broker's states."""
        return self._orders.ask("order.history", query, timeout_s or self._timeout_s)

    def order_status(self, timeout_s: Optional[float] = None, **query: Any) -> Json:
        """Where one order stands, by exactly one of ``orderId, brokerOrderId, clientOrderId``."""
        return self._orders.ask("order.status", query, timeout_s or self._timeout_s)

    def quotes(self, exchange: str, symbol: str, timeout_s: Optional[float] = None) -> Json:
        """The latest quote of one instrument."""
        asked = {"exchange": exchange, "symbol": symbol}
        return self._feed.ask("market.quotes", asked, timeout_s or self._timeout_s)

    def ticks(self, *topics: str, timeout_s: Optional[float] = None) -> "Ticks":
        """Iterates over ``(topic, tick)`` of full topics like NSE_RELIANCE_LTP, or of prefixes, which read what flows.

        Iterating raises TimeoutError when no tick comes for ``timeout_s``.
        """
        return Ticks(self._context, self._ticks_endpoint, topics, timeout_s, self._curve)

    def order_events(self, on_loss: Optional[Callable[[Loss], None]] = None) -> "OrderEvents":
        """Order events from now on, each once and in order. Raises XtsBridgeError when the house does not answer."""
        return OrderEvents(self._context, self._orders_events_endpoint, self._replay, on_loss, self._curve)

    def wait_for_order(
        self, order_id: str, states: Union[str, Sequence[str]] = "filled", timeout_s: float = 30.0
    ) -> Json:
        """Returns the order once it is in one of the states. Raises OrderWaitError when it ended in another one, and
        when the time is over."""
        wanted = (states,) if isinstance(states, str) else tuple(states)
        give_up = time.monotonic() + timeout_s
        losses: List[Loss] = []
        with self.order_events(losses.append) as events:
            order: Optional[Json] = self.order_status(orderId=order_id)
            while True:
                if order is not None and order["state"] in wanted:
                    return order
                if order is not None and order["state"] in TERMINAL_STATES:
                    reason = f" ({order['reason']})" if order.get("reason") else ""
                    raise OrderWaitError(f"Order {order_id} is {order['state']}{reason}.", order)
                remaining_s = give_up - time.monotonic()
                if remaining_s <= 0:
                    state = order["state"] if order is not None else "not known"
                    raise OrderWaitError(f"Order {order_id} is {state} after {timeout_s:g} s.", order)
                event = events.get(min(remaining_s, 1.0))
                if losses:
                    losses.clear()
                    order = self.order_status(orderId=order_id)
                elif event is not None and event["data"]["order"]["orderId"] == order_id:
                    order = event["data"]["order"]

    def _act(self, subject: str, order: Json, client_order_id: Optional[str], timeout_s: Optional[float]) -> Json:
        identity = client_order_id or secrets.token_urlsafe(12)
        try:
            return self._orders.ask(subject, order, timeout_s or self._timeout_s, identity)
        except XtsBridgeError as error:
            error.details = {**error.details, "clientOrderId": identity}
            raise

    def _replay(self, from_seq: int, epoch: Optional[str]) -> Json:
        asked: Json = {"fromSeq": from_seq}
        if epoch is not None:
            asked["epoch"] = epoch
        return self._orders.ask("order.replay", asked, self._timeout_s)


class Ticks:
    """A subscription to tick topics, to iterate over; it ends when closed."""

    def __init__(
        self,
        context: zmq.Context,
        endpoint: str,
        topics: Sequence[str],
        timeout_s: Optional[float],
        curve: Optional[CurveKeys] = None,
    ) -> None:
        self._topics = topics
        self._timeout_s = timeout_s
        self._connection = _Connection(context, zmq.SUB, endpoint, curve, RCVHWM=50_000)
        self._socket = self._connection.socket
        for topic in topics:
            self._socket.setsockopt(zmq.SUBSCRIBE, topic.encode())

    def __iter__(self) -> Iterator[Tuple[str, Json]]:
        return self

    def __next__(self) -> Tuple[str, Json]:
        give_up = None if self._timeout_s is None else time.monotonic() + self._timeout_s
        while self._connection.poll(None if give_up is None else _milliseconds_until(give_up)):
            frames = self._socket.recv_multipart()
            topic = frames[0].decode(errors="replace")
            tick = _parse_json(frames[-1])
            if isinstance(tick, dict) and self._is_asked(topic):
                return topic, tick
        raise TimeoutError(f"No tick of {', '.join(self._topics)} came within {self._timeout_s:g} s.")

    def __enter__(self) -> "Ticks":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def _is_asked(self, topic: str) -> bool:
        """ZeroMQ compares beginnings; a full topic means itself alone."""
        return any(topic == asked or (not _is_full(asked) and topic.startswith(asked)) for asked in self._topics)


class OrderEvents:
    """The order events, every one once and in order.

    It subscribes first, then asks where the sequence stands and drops what is at or below, so nothing falls between. A
    jump in the sequence, or a heartbeat above it, is a gap: it is filled with ``order.replay`` before later events are
    given. What cannot be filled is told to ``on_loss`` and kept in ``losses``.
    """

    def __init__(
        self,
        context: zmq.Context,
        endpoint: str,
        replay: Callable[[int, Optional[str]], Json],
        on_loss: Optional[Callable[[Loss], None]] = None,
        curve: Optional[CurveKeys] = None,
    ) -> None:
        self._replay = replay
        self._on_loss = on_loss
        self.losses: List[Loss] = []
        self._due: Deque[Json] = deque()
        self._past_epochs: Deque[str] = deque(maxlen=16)
        self._connection = _Connection(context, zmq.SUB, endpoint, curve, RCVHWM=10_000, SUBSCRIBE=b"")
        self._socket = self._connection.socket
        try:
            position = replay(_AFTER_EVERYTHING, None)
        except BaseException:
            self._connection.close()
            raise
        self._epoch: str = position["epoch"]
        #: Everything up to here was given, or named as lost.
        self.last_seq: int = position["lastSeq"]

    def get(self, timeout_s: float) -> Optional[Json]:
        """The next event, ``{topic, epoch, seq, atMs, data}``; None when none comes in time."""
        give_up = time.monotonic() + timeout_s
        while not self._due:
            if not self._connection.poll(_milliseconds_until(give_up)):
                return None
            self._read(self._socket.recv_multipart())
        return self._due.popleft()

    def __enter__(self) -> "OrderEvents":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def _read(self, frames: List[bytes]) -> None:
        message = _parse_json(frames[-1])
        if not _is_event(message) or message["epoch"] in self._past_epochs:
            return
        topic = frames[0].decode(errors="replace")
        epoch, seq = message["epoch"], message["seq"]
        if epoch != self._epoch:
            self._lose(0, 0, f"the sequence began anew: {epoch}")
            self._past_epochs.append(self._epoch)
            self._epoch, self.last_seq = epoch, 0
        if topic == HEARTBEAT_TOPIC:
            self._repair(seq)
            return
        self._repair(seq - 1)
        self._give({"topic": topic, "epoch": epoch, "seq": seq, "atMs": message["atMs"], "data": message["data"]})

    def _give(self, event: Json) -> None:
        if event["seq"] <= self.last_seq:
            return
        if event["seq"] > self.last_seq + 1:
            self._lose(self.last_seq + 1, event["seq"] - 1, "the house no longer has them")
        self.last_seq = event["seq"]
        # The content of an order that this key may not see is left out; a difference of a book is no order's.
        if event["data"] is not None and "order" in event["data"]:
            self._due.append(event)

    def _repair(self, until_seq: int) -> None:
        """Fills everything up to until_seq, page by page."""
        while self.last_seq < until_seq:
            before = self.last_seq
            events, problem = self._stored_after(before)
            for event in sorted(events, key=lambda one: one["seq"]):
                if event["epoch"] == self._epoch:
                    self._give(event)
            if self.last_seq == before:
                self._lose(before + 1, until_seq, problem or "the house no longer has them")
                self.last_seq = until_seq

    def _stored_after(self, seq: int) -> Tuple[List[Json], Optional[str]]:
        problem = None
        for pause_s in _REPAIR_PAUSES_S:
            time.sleep(pause_s)
            try:
                return self._replay(seq, self._epoch)["events"], None
            except XtsBridgeError as error:
                problem = f"order.replay failed: {error}"
        return [], problem

    def _lose(self, from_seq: int, to_seq: int, reason: str) -> None:
        loss = (from_seq, to_seq, reason)
        self.losses.append(loss)
        if self._on_loss is not None:
            self._on_loss(loss)


def _new_socket(context: zmq.Context, kind: int) -> zmq.Socket:
    socket = context.socket(kind)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.RECONNECT_IVL, 50)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1_000)
    socket.setsockopt(zmq.HEARTBEAT_IVL, 2_000)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 6_000)
    return socket


def _read_key(folder: str, name: str) -> str:
    with open(os.path.join(folder, name), encoding="ascii") as file:
        key = file.read().strip()
    if not _KEY.fullmatch(key):
        raise ValueError(f"{name} holds no CURVE key, which is 40 characters of Z85")
    return key


def _milliseconds_until(moment: float) -> int:
    return max(0, int((moment - time.monotonic()) * 1000) + 1)


def _not_sent(subject: str, reason: str) -> XtsBridgeError:
    message = f'The request "{subject}" could not be handed to the bus: {reason}.'
    return XtsBridgeError("unavailable", "REQUEST_NOT_SENT", message)


def _data_of(reply: Json) -> Any:
    if reply.get("ok") is True:
        return reply.get("data")
    error = reply.get("error") or {}
    kind, code = error.get("kind", "internal"), error.get("code", "INTERNAL")
    raise XtsBridgeError(kind, code, error.get("message", code), error.get("details"))


def _parse_json(body: bytes) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _is_event(message: Any) -> bool:
    return (
        isinstance(message, dict)
        and message.get("v") == ENVELOPE_VERSION
        and isinstance(message.get("epoch"), str)
        and isinstance(message.get("seq"), int)
        and "atMs" in message
        and "data" in message
    )


def _is_full(topic: str) -> bool:
    """True for EXCHANGE_SYMBOL_MODE, which makes the feed flow."""
    parts = topic.split("_")
    return len(parts) >= 3 and all(parts) and parts[-1] in ("LTP", "QUOTE", "DEPTH")
