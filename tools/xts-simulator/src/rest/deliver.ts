import type { Request, Response } from 'express'
import type { Reply } from '../faults/fault-kinds'
import type { Broker } from './broker'

/** One HTTP request and where its answer goes. */
export interface Http {
  readonly request: Request
  readonly response: Response
}

const TRICKLED_PIECES = 20

/** Sends an answer in the manner that it is to arrive in, now or when its time has come. */
export function deliver(broker: Broker, http: Http, reply: Reply): void {
  const { delayMs, waitsFor, manner } = reply
  if (manner === 'trickled') return trickle(broker, http, reply)
  if (delayMs <= 0) return deliverNow(broker, http, reply)
  let isSent = false
  const go = (): void => {
    if (isSent || http.response.destroyed) return
    isSent = true
    deliverNow(broker, http, reply)
  }
  const stopWaiting = waitsFor?.(go)
  if (stopWaiting) http.response.on('close', stopWaiting)
  http.response.on('close', broker.clock.later(delayMs, go))
}

function deliverNow(broker: Broker, http: Http, reply: Reply): void {
  switch (reply.manner) {
    case 'never':
      // The client waits until it gives up; a closing simulator ends the connection.
      return
    case 'reset':
      broker.frontDoor.reset(http.request.socket)
      return
    case 'cut':
      return cut(http, reply)
    case 'trickled':
    case 'whole':
      return whole(http, reply)
    case 'then-closed':
      http.response.on('finish', () => http.request.socket.destroySoon())
      return whole(http, reply)
  }
}

function whole({ response }: Http, reply: Reply): void {
  writeHead(response, reply)
  if (reply.text === undefined && reply.contentType === undefined) response.json(reply.body)
  else response.send(Buffer.from(textOf(reply)))
}

/** Announces all of it, sends half, and ends the connection. */
function cut({ request, response }: Http, reply: Reply): void {
  const bytes = Buffer.from(textOf(reply))
  writeHead(response, reply)
  response.setHeader('content-length', bytes.length)
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => request.socket.destroySoon())
}

/** The length is announced, so that the client knows the answer is not whole before the last piece. */
function trickle(broker: Broker, { response }: Http, reply: Reply): void {
  const bytes = Buffer.from(textOf(reply))
  const pieceBytes = Math.max(1, Math.ceil(bytes.length / TRICKLED_PIECES))
  writeHead(response, reply)
  response.setHeader('content-length', bytes.length)
  let sent = 0
  const sendPiece = (): void => {
    response.write(bytes.subarray(sent, sent + pieceBytes))
    sent += pieceBytes
    if (sent < bytes.length) return
    stop()
    response.end()
  }
  const stop = broker.clock.every(Math.max(1, reply.delayMs / TRICKLED_PIECES), sendPiece)
  response.on('close', stop)
}

function writeHead(response: Response, { status, contentType, headers = {} }: Reply): void {
  response.status(status)
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.setHeader('content-type', `${contentType ?? 'application/json'}; charset=utf-8`)
}

const textOf = ({ text, body }: Reply): string => text ?? JSON.stringify(body)
