import type { Express, Request, Response } from 'express'
import { z } from 'zod'
import type { TapeDeck } from './tape-deck'

const tapeRequest = z
  .strictObject({
    action: z.enum(['play', 'pause', 'rewind']).optional(),
    speed: z.union([z.number().positive().max(1_000_000), z.literal('max')]).optional(),
  })
  .refine(({ action, speed }) => action !== undefined || speed !== undefined, {
    error: 'say an action (play, pause, rewind), a speed (a number or max), or both',
  })

/** GET /tape tells where the tape is; POST /tape {action?, speed?} plays, pauses, rewinds it and sets its speed. */
export function addTapeRoutes(app: Express, deck: TapeDeck): void {
  app.get('/tape', (_request, response) => {
    response.json(reportOf(deck))
  })
  app.post('/tape', (request, response) => command(deck, request, response))
}

function command(deck: TapeDeck, request: Request, response: Response): void {
  const parsed = tapeRequest.safeParse(request.body)
  if (!parsed.success) {
    response.status(400).json({ error: z.prettifyError(parsed.error) })
    return
  }
  const { player } = deck
  if (!player) {
    response.status(409).json({ error: 'there is no tape; start the simulator with --tape FILE' })
    return
  }
  const { action, speed } = parsed.data
  if (speed !== undefined) player.setSpeed(speed)
  if (action === 'rewind') deck.forget()
  if (action !== undefined) player[action]()
  response.json(reportOf(deck))
}

const reportOf = (deck: TapeDeck): object => deck.player?.report() ?? { state: 'none' }
