import { join } from 'node:path'
import { secureBus } from '@xts-bridge/bus'
import type { Logger, RunningService } from '@xts-bridge/runtime'
import { HealthServer, Metrics, randomIds, readKeyFile, systemClock } from '@xts-bridge/runtime'
import { connectToBus } from './bus-clients'
import { Reachability } from './reachability'
import { startRestServer } from './rest-server'
import type { GatewaySettings } from './settings'

const SERVICE = 'gateway'
const KNOWN_PATH = /^\/api\/v1\/(placeorder|placesmartorder|positionbook|quotes)\/?$/

/** Starts the REST door of the house. Throws when a port is taken or the service key cannot be read. */
export async function startGateway(settings: GatewaySettings, logger: Logger): Promise<RunningService> {
  const metrics = new Metrics(SERVICE)
  const curve = await secureBus({ settings, log: logger, metrics, clock: systemClock })
  const bus = connectToBus(settings, readKeyFile(join(settings.KEYS_DIR, 'services', 'gateway.key')), logger)
  const reachability = new Reachability(bus.peers, systemClock)
  const answers = metrics.counter({
    name: 'gateway_answers_total',
    help: 'REST answers by path and HTTP status; paths that do not exist count as one.',
    labels: ['path', 'status'],
  })
  const health = new HealthServer({
    host: settings.HTTP_HOST,
    port: settings.GATEWAY_HEALTH_PORT,
    portSetting: 'GATEWAY_HEALTH_PORT',
    service: SERVICE,
    metrics,
    readiness: () => ({ auth: reachability.isAnswering('auth'), orders: reachability.isAnswering('orders') }),
    // Orders go on without quotes, so a silent feed is a fact and not a condition.
    describe: () => ({ feedAnswers: reachability.isAnswering('feed'), bus: curve.status }),
  })
  await health.listen()
  const rest = await startRestServer({
    host: settings.HTTP_HOST,
    port: settings.GATEWAY_PORT,
    publicUrl: settings.GATEWAY_PUBLIC_URL?.replace(/\/+$/, ''),
    auth: bus.auth,
    clock: systemClock,
    orders: bus.orders,
    feed: bus.feed,
    ids: randomIds,
    onInternal: (error, path) => logger.error('request failed', { path, error }),
    onAnswered: (path, status) =>
      answers.inc({ path: KNOWN_PATH.exec(path)?.[1] ?? 'other', status: String(status) }),
  })
  reachability.start()
  logger.info('gateway listening', { host: settings.HTTP_HOST, port: rest.port })
  return {
    async stop() {
      await rest.close()
      reachability.close()
      await bus.close()
      await health.close()
      await curve.close()
    },
  }
}
