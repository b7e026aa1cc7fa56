import type { SegmentCount } from '@xts-bridge/contracts'
import type { InstrumentStore } from '@xts-bridge/instruments'
import type { Metrics } from '@xts-bridge/runtime'
import type { RefreshRecord } from './list-keeper'

/** Publishes the list in force and what became of each refresh; returns what to call after one, and after the start. */
export function measureList(
  metrics: Metrics,
  store: InstrumentStore,
  nowMs: () => number,
): { listLoaded(): void; refreshed(record: RefreshRecord): void } {
  const rows = metrics.gauge({
    name: 'instruments_rows',
    help: 'Instruments of the list in force',
    labels: ['segment'],
  })
  const refused = metrics.gauge({
    name: 'instruments_refused_rows',
    help: 'Rows of the list in force that are no instrument',
    labels: ['segment', 'reason'],
  })
  const refreshes = metrics.counter({
    name: 'instruments_refreshes',
    help: 'Refreshes since start',
    labels: ['outcome'],
  })
  const duration = metrics.histogram({
    name: 'instruments_refresh_ms',
    help: 'Duration of a refresh',
    buckets: [500, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000],
  })
  measureAge(metrics, store, nowMs)
  const kept = metrics.gauge({
    name: 'instruments_segment_refused',
    help: '1 while the latest download of a segment was refused',
    labels: ['segment'],
  })
  const gates = metrics.counter({
    name: 'instruments_gate_failures',
    help: 'Downloads refused since start',
    labels: ['segment', 'gate'],
  })
  const listLoaded = (): void => {
    rows.reset()
    refused.reset()
    kept.reset()
    for (const count of store.meta?.segments ?? []) countSegment(count)
  }
  const countSegment = ({ segment, instruments, refused: reasons, refusedBecause }: SegmentCount): void => {
    rows.set({ segment }, instruments)
    kept.set({ segment }, refusedBecause === undefined ? 0 : 1)
    for (const [reason, number] of Object.entries(reasons)) refused.set({ segment, reason }, number)
  }
  return {
    listLoaded,
    refreshed({ outcome, tookMs, failures }) {
      refreshes.inc({ outcome })
      duration.observe(tookMs)
      listLoaded()
      for (const { segment, gate } of failures) {
        gates.inc({ segment, gate })
        kept.set({ segment }, 1)
      }
    },
  }
}

function measureAge(metrics: Metrics, store: InstrumentStore, nowMs: () => number): void {
  metrics.gauge({
    name: 'instruments_swapped_at_ms',
    help: 'When the list in force was built; 0 before the first',
    read: () => store.meta?.builtAtMs ?? 0,
  })
  metrics.gauge({
    name: 'instruments_age_ms',
    help: 'Age of the list in force; 0 before the first',
    read: () => (store.meta === undefined ? 0 : nowMs() - store.meta.builtAtMs),
  })
}
