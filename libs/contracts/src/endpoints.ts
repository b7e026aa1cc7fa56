/** Default bus endpoints and the setting that changes each; everything binds to loopback. */
export const BUS_ENDPOINTS = {
  AUTH_REQUESTS_ENDPOINT: 'tcp://127.0.0.1:5561',
  ORDERS_REQUESTS_ENDPOINT: 'tcp://127.0.0.1:5562',
  INSTRUMENTS_REQUESTS_ENDPOINT: 'tcp://127.0.0.1:5563',
  FEED_REQUESTS_ENDPOINT: 'tcp://127.0.0.1:5564',
  AUTH_EVENTS_ENDPOINT: 'tcp://127.0.0.1:5571',
  ORDERS_EVENTS_ENDPOINT: 'tcp://127.0.0.1:5572',
  INSTRUMENTS_EVENTS_ENDPOINT: 'tcp://127.0.0.1:5573',
  FEED_EVENTS_ENDPOINT: 'tcp://127.0.0.1:5574',
  FEED_TICKS_ENDPOINT: 'tcp://127.0.0.1:5555',
} as const
export type BusEndpointSetting = keyof typeof BUS_ENDPOINTS

/** Default HTTP ports and the setting that changes each. */
export const HTTP_PORTS = {
  GATEWAY_PORT: 5000,
  WS_PROXY_PORT: 8765,
  AUTH_HEALTH_PORT: 9101,
  ORDERS_HEALTH_PORT: 9102,
  INSTRUMENTS_HEALTH_PORT: 9103,
  FEED_HEALTH_PORT: 9104,
  WS_PROXY_HEALTH_PORT: 9106,
  GATEWAY_HEALTH_PORT: 9107,
} as const
export type HttpPortSetting = keyof typeof HTTP_PORTS
