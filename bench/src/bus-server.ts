/**
 * The serving half of the bus measurement, in a process of its own: our Nest transport with a door that admits at once,
 * and the bare peer, a zeromq.js ROUTER that sends every message back. It prints both endpoints and ends with its parent.
 */
import 'reflect-metadata'
import { Controller, Module } from '@nestjs/common'
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices'
import { serveRequests, ZmqServer, type BusRequest } from '@xts-bridge/bus'
import type { Caller } from '@xts-bridge/contracts'
import { systemClock } from '@xts-bridge/runtime'
import { Router } from 'zeromq'

const CALLER: Caller = {
  keyId: 'bench',
  name: 'bench',
  kind: 'user',
  scopes: ['order.write'],
  accounts: ['*'],
  clientIDs: ['*'],
}

@Controller()
class Echo {
  @MessagePattern('order.place')
  place(@Payload() data: unknown, @Ctx() _request: BusRequest): unknown {
    return data
  }
}

@Module({ controllers: [Echo] })
class EchoModule {}

async function serveBare(router: Router): Promise<void> {
  for await (const frames of router) await router.send(frames)
}

async function main(): Promise<void> {
  const server = new ZmqServer({
    endpoint: 'tcp://127.0.0.1:*',
    endpointSetting: 'none: the system chooses the port',
    clock: systemClock,
    door: { admit: async () => CALLER },
  })
  await serveRequests(EchoModule, server)
  const bare = new Router({ linger: 0 })
  await bare.bind('tcp://127.0.0.1:*')
  void serveBare(bare)
  process.on('disconnect', () => process.exit(0))
  process.send?.({ ours: server.boundEndpoint, bare: bare.lastEndpoint })
}

void main()
