import { join } from 'node:path'
import type { Clock } from '@xts-bridge/contracts'
import { BusCurve, type BusCurveMode } from './bus-curve'
import { REFUSAL_REASONS } from './refused-handshakes'

/** What a service has when it starts; the bus takes from each the little it needs. */
export interface BusSurroundings {
  readonly settings: { readonly BUS_CURVE: BusCurveMode; readonly KEYS_DIR: string }
  readonly log: { warn(message: string, fields: Record<string, unknown>): void }
  readonly metrics: {
    counter(options: { name: string; help: string; labels: readonly string[] }): {
      inc(labels: Record<string, string>, by?: number): void
    }
  }
  readonly clock: Clock
}

/**
 * Opens CURVE for a service as its settings say, with log and metric; before its first bus socket is made. Close it after
 * the last one.
 */
export function secureBus({ settings, log, metrics, clock }: BusSurroundings): Promise<BusCurve> {
  const refused = metrics.counter({
    name: 'bus_refused_handshakes_total',
    help: 'Connections to bus endpoints of this process that were not let in, by reason.',
    labels: ['reason'],
  })
  for (const reason of REFUSAL_REASONS) refused.inc({ reason }, 0)
  return BusCurve.open({
    mode: settings.BUS_CURVE,
    folder: join(settings.KEYS_DIR, 'curve'),
    clock,
    onRefused: ({ reason }) => refused.inc({ reason }),
    onReport: (handshake) => log.warn('bus handshake refused', { ...handshake }),
    onProblem: (message, fields) => log.warn(message, fields),
  })
}
