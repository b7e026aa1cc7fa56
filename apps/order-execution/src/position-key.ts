import type { Product, Segment } from '@xts-bridge/contracts'

/** What has one net position. `client` is empty for whatever client the broker login itself stands for. */
export interface PositionKey {
  readonly client: string
  readonly segment: Segment
  readonly token: number
  readonly product: Product
}

export function positionKeyText({ client, segment, token, product }: PositionKey): string {
  return `${client}|${segment}|${token}|${product}`
}

/** What proprietary logins send, and rows show, instead of a client code. */
const OWN_PLACEHOLDERS: readonly string[] = ['', '*****', 'PRO']

/** The client of an order, row or request: empty for the login's own codes, however they are spelt. */
export function clientOf(clientID: string | undefined, ownCodes: readonly string[]): string {
  if (clientID === undefined || OWN_PLACEHOLDERS.includes(clientID.toUpperCase())) return ''
  return ownCodes.includes(clientID) ? '' : clientID
}
