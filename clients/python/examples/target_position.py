"""Watches RELIANCE, brings its intraday position to a target, waits for the fill and shows the position.

    python3 clients/python/examples/target_position.py [--target 20] [--key-file data/keys/local-api.key]

Endpoints are those of a house on this machine; environment variables of the same names as in .env.example
(ORDERS_REQUESTS_ENDPOINT, …) change them. The key is XTS_BRIDGE_API_KEY, or is read from the key file.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Optional

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import xts_bridge  # noqa: E402
from xts_bridge import CurveKeys, OrderEvents, OrderWaitError, XtsBridge, XtsBridgeError  # noqa: E402

TICK_TOPIC = "NSE_RELIANCE_LTP"
RELIANCE = {"exchange": "NSE", "symbol": "RELIANCE", "product": "MIS"}
TICK_LIMIT_S = 30.0
FILL_LIMIT_S = 30.0
SETTLE_LIMIT_S = 10.0


def main() -> int:
    arguments = read_arguments()
    try:
        curve = None if arguments.curve_folder is None else CurveKeys.read(arguments.curve_folder)
        with XtsBridge(api_key(arguments.key_file), curve=curve, **endpoints()) as bridge:
            reach_target(bridge, arguments.target)
        return 0
    except (XtsBridgeError, OrderWaitError, TimeoutError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def reach_target(bridge: XtsBridge, asked: Optional[int]) -> None:
    say(f"1. Subscribing to ticks of {TICK_TOPIC} …")
    with bridge.ticks(TICK_TOPIC, timeout_s=TICK_LIMIT_S) as ticks:
        _, tick = next(ticks)
    say(f"   RELIANCE trades at {rupees(tick['ltp'])}.")

    position = net_position(bridge)
    target = asked if asked is not None else (20 if position == 10 else 10)
    say(f"2. The position is {position}; the target is {target}.")

    with bridge.order_events() as events:
        say("3. Sending order.smart …")
        answer = bridge.smart_order(**RELIANCE, targetPosition=target)
        order = answer.get("order")
        if order is None:
            say("   The position is there already; no order was needed.")
        else:
            say(f"   Order {order['orderId']} (the broker's {order['brokerOrderId']}) is {order['state']}.")
            filled = bridge.wait_for_order(order["orderId"], "filled", FILL_LIMIT_S)
            show_events(events, order["orderId"])
            price = filled.get("averagePrice")
            at = "" if price is None else f" at {rupees(price)} on average"
            say(f"4. Filled: {filled['side']} {filled['filledQuantity']} {filled['symbol']}{at}.")
    say(f"5. The position is {position_once_at(bridge, target)}.")


def show_events(events: OrderEvents, order_id: str) -> None:
    """Shows what happened to the order, up to its fill."""
    while True:
        event = events.get(SETTLE_LIMIT_S)
        if event is None:
            raise TimeoutError("No event told of the fill.")
        order, fill = event["data"]["order"], event["data"].get("fill")
        if order["orderId"] != order_id:
            continue
        what = "" if fill is None else f": {fill['quantity']} at {rupees(fill['price'])}"
        say(f"   event: order {order_id} is {order['state']}{what}")
        if order["state"] == "filled":
            return


def net_position(bridge: XtsBridge) -> int:
    rows = bridge.positions()
    return sum(row["quantity"] for row in rows if all(row[name] == RELIANCE[name] for name in RELIANCE))


def position_once_at(bridge: XtsBridge, target: int) -> int:
    """The book of positions follows the fill by a moment."""
    give_up = time.monotonic() + SETTLE_LIMIT_S
    while True:
        position = net_position(bridge)
        if position == target:
            return position
        if time.monotonic() > give_up:
            raise TimeoutError(f"The position is {position}, and the target was {target}.")
        time.sleep(0.1)


def endpoints() -> dict:
    names = {
        "orders_endpoint": "ORDERS_REQUESTS_ENDPOINT",
        "orders_events_endpoint": "ORDERS_EVENTS_ENDPOINT",
        "feed_endpoint": "FEED_REQUESTS_ENDPOINT",
        "ticks_endpoint": "FEED_TICKS_ENDPOINT",
    }
    return {name: os.environ.get(variable) or getattr(xts_bridge, variable) for name, variable in names.items()}


def api_key(key_file: Optional[str]) -> str:
    given = os.environ.get("XTS_BRIDGE_API_KEY")
    if key_file is None and given:
        return given
    path = Path(key_file or "data/keys/local-api.key")
    if not path.exists():
        raise OSError(f"There is no key file {path}: npm start makes it, or name one with --key-file.")
    return path.read_text(encoding="utf-8").strip()


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Brings the intraday position in RELIANCE to a target.")
    parser.add_argument("--target", type=int, help="signed quantity; otherwise one that differs from the present")
    parser.add_argument("--key-file", help="file with the API key (data/keys/local-api.key)")
    parser.add_argument("--curve-folder", help="what curve-keys made for this client, for a house with CURVE")
    return parser.parse_args()


def rupees(price: float) -> str:
    return f"₹{price:.2f}"


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
