import { Controller, Inject } from '@nestjs/common'
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices'
import type { BusRequest } from '@xts-bridge/bus'
import {
  keyCreateSchema,
  keyRevokeSchema,
  keyVerifySchema,
  parseRequest,
  type CreatedKey,
  type KeyVerification,
  type KeyView,
} from '@xts-bridge/contracts'
import { z } from 'zod'
import { KeyRegister } from './key-register'

const keyListSchema = z.strictObject({})

/** Answers about API keys. */
@Controller()
export class KeyController {
  constructor(@Inject(KeyRegister) private readonly keys: KeyRegister) {}

  @MessagePattern('key.verify')
  async verify(@Payload() data: unknown): Promise<KeyVerification> {
    const { keyDigest } = parseRequest(keyVerifySchema, data)
    return { caller: await this.keys.identify(keyDigest) }
  }

  @MessagePattern('key.create')
  create(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<CreatedKey> {
    return this.keys.create(parseRequest(keyCreateSchema, data), request.caller)
  }

  @MessagePattern('key.revoke')
  revoke(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<KeyView> {
    return this.keys.revoke(parseRequest(keyRevokeSchema, data).keyId, request.caller)
  }

  @MessagePattern('key.list')
  list(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<readonly KeyView[]> {
    parseRequest(keyListSchema, data ?? {})
    return this.keys.list(request.caller)
  }
}
