import type { RequestClient } from '@xts-bridge/bus'

/** The asking side of the bus, as the stories need it. */
export type BusAsker = Pick<RequestClient, 'request'>
