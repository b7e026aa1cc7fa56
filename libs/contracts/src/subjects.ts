import type { Scope } from './access'

/** Services that answer requests. */
export const SERVICES = ['auth', 'orders', 'instruments', 'feed'] as const
export type Service = (typeof SERVICES)[number]

interface SubjectRow {
  readonly service: Service
  readonly scope: Scope
}

/** Every request subject: who answers it and the scope it needs. A subject that is not here is refused. */
export const SUBJECTS = {
  'session.get': { service: 'auth', scope: 'session.read' },
  'session.report-invalid': { service: 'auth', scope: 'session.read' },
  'session.status': { service: 'auth', scope: 'order.read' },
  'session.resume': { service: 'auth', scope: 'admin' },
  'session.login-page': { service: 'auth', scope: 'admin' },
  'session.hand-over': { service: 'auth', scope: 'admin' },
  'key.verify': { service: 'auth', scope: 'key.read' },
  'key.create': { service: 'auth', scope: 'admin' },
  'key.revoke': { service: 'auth', scope: 'admin' },
  'key.list': { service: 'auth', scope: 'admin' },
  'order.place': { service: 'orders', scope: 'order.write' },
  'order.smart': { service: 'orders', scope: 'order.write' },
  'order.modify': { service: 'orders', scope: 'order.write' },
  'order.cancel': { service: 'orders', scope: 'order.write' },
  'order.cancel-all': { service: 'orders', scope: 'order.write' },
  'order.dry-run': { service: 'orders', scope: 'order.write' },
  'order.status': { service: 'orders', scope: 'order.read' },
  'order.replay': { service: 'orders', scope: 'order.read' },
  'order.history': { service: 'orders', scope: 'order.read' },
  'book.orders': { service: 'orders', scope: 'order.read' },
  'book.trades': { service: 'orders', scope: 'order.read' },
  'book.positions': { service: 'orders', scope: 'order.read' },
  'book.open-position': { service: 'orders', scope: 'order.read' },
  'book.holdings': { service: 'orders', scope: 'order.read' },
  'book.funds': { service: 'orders', scope: 'order.read' },
  'position.convert': { service: 'orders', scope: 'order.write' },
  'instruments.find': { service: 'instruments', scope: 'instruments.read' },
  'instruments.search': { service: 'instruments', scope: 'instruments.read' },
  'instruments.expiries': { service: 'instruments', scope: 'instruments.read' },
  'instruments.option-chain': { service: 'instruments', scope: 'instruments.read' },
  'instruments.list': { service: 'instruments', scope: 'instruments.read' },
  'instruments.diff': { service: 'instruments', scope: 'instruments.read' },
  'instruments.status': { service: 'instruments', scope: 'instruments.read' },
  'instruments.refresh': { service: 'instruments', scope: 'instruments.write' },
  'market.quotes': { service: 'feed', scope: 'market.read' },
  'feed.snapshot': { service: 'feed', scope: 'market.read' },
  'feed.status': { service: 'feed', scope: 'market.read' },
} as const satisfies Record<string, SubjectRow>

export type Subject = keyof typeof SUBJECTS

export function isSubject(name: string): name is Subject {
  return Object.hasOwn(SUBJECTS, name)
}
