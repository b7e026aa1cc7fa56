import { All, Body, Controller, Get, Headers, Inject, Param, Post, Query, Req, Res } from '@nestjs/common'
import { AppError, type BrokerLoginPage, type SessionState } from '@xts-bridge/contracts'
import { istTime } from '@xts-bridge/runtime'
import type { Request, Response } from 'express'
import type { BusAsker } from '../bus-asker'
import { donePage, PAGE_HEADERS, problemPage, startPage } from './login-pages'
import { PendingLogins } from './pending-logins'

export const LOGIN_ASKER = Symbol('login-asker')
export const PUBLIC_URL = Symbol('public-url')

/**
 * The login of a person at the broker's page, for brokers that let in nobody else. Who begins it shows an administrator's
 * key; the broker sends the browser back to an address that only they were given. Nothing of it is logged.
 */
@Controller('broker')
export class BrokerLoginController {
  constructor(
    @Inject(LOGIN_ASKER) private readonly auth: BusAsker,
    @Inject(PendingLogins) private readonly pending: PendingLogins,
    @Inject(PUBLIC_URL) private readonly publicUrl: () => string,
  ) {}

  /** The page that asks for the key; with the key in the header `X-API-KEY`, on to the broker at once. */
  @Get('login')
  async show(@Res() response: Response, @Headers('x-api-key') apiKey?: string): Promise<void> {
    if (apiKey === undefined) return send(response, 200, startPage())
    return this.sendOn(response, apiKey)
  }

  @Post('login')
  async begin(@Res() response: Response, @Body() body: unknown): Promise<void> {
    const apiKey = fieldOf(body, 'apiKey')?.trim()
    if (apiKey === undefined || apiKey === '')
      return send(response, 400, problemPage('An API key with the scope “admin” is needed.'))
    return this.sendOn(response, apiKey)
  }

  /** Some brokers send the browser back with a form, others with a link. */
  @All('callback/:state')
  async finish(
    @Req() request: Request,
    @Res() response: Response,
    @Param('state') state: string,
    @Query() query: unknown,
  ): Promise<void> {
    const callbackSession = fieldOf(request.body, 'session') ?? fieldOf(query, 'session')
    if (callbackSession === undefined || callbackSession === '')
      return send(response, 400, problemPage('The broker’s page sent no session along.'))
    const apiKey = this.pending.take(state)
    if (apiKey === undefined) return send(response, 400, problemPage(NOT_BEGUN))
    try {
      const session = await this.auth.request<SessionState>(
        'session.hand-over',
        { callbackSession },
        { apiKey },
      )
      const { account, userId = '', expiresAtMs = 0 } = session
      return send(response, 200, donePage({ account, userId, until: istTime(expiresAtMs) }))
    } catch (error) {
      return sendProblem(response, error)
    }
  }

  private async sendOn(response: Response, apiKey: string): Promise<void> {
    const state = this.pending.begin(apiKey)
    try {
      const returnUrl = `${this.publicUrl()}/broker/callback/${state}`
      const { url } = await this.auth.request<BrokerLoginPage>(
        'session.login-page',
        { returnUrl },
        { apiKey },
      )
      response.set(PAGE_HEADERS).redirect(303, url)
    } catch (error) {
      this.pending.take(state)
      return sendProblem(response, error)
    }
  }
}

const NOT_BEGUN =
  'This login was not begun here, was completed before, or took longer than ten minutes. Nothing was changed.'

const STATUS_OF_KIND = {
  invalid: 400,
  refused: 403,
  rejected: 403,
  unavailable: 503,
  unknown: 503,
  internal: 500,
} as const satisfies Record<AppError['kind'], number>

/** An error of the bus is a sentence for a person already; anything else is our bug, and answered where those are. */
function sendProblem(response: Response, error: unknown): void {
  if (!(error instanceof AppError)) throw error
  send(response, STATUS_OF_KIND[error.kind], problemPage(error.message))
}

function send(response: Response, status: number, page: string): void {
  response.status(status).set(PAGE_HEADERS).send(page)
}

function fieldOf(fields: unknown, name: string): string | undefined {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return undefined
  const value = (fields as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value : undefined
}
