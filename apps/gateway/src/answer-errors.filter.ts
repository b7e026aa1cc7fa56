import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import type { Request, Response } from 'express'
import { Refusal, type ErrorBody } from './openalgo/refusal'

/** Every answer that is not a success leaves as JSON, never as HTML and never with a stack. */
@Catch()
export class AnswerErrors implements ExceptionFilter {
  constructor(private readonly onInternal: (error: unknown, path: string) => void) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    const request = http.getRequest<Request>()
    const response = http.getResponse<Response>()
    const { status, body } = this.answerOf(error, request.path)
    if (!response.headersSent) response.status(status).json(body)
  }

  private answerOf(error: unknown, path: string): { status: number; body: ErrorBody } {
    if (error instanceof Refusal) return { status: error.httpStatus, body: error.body }
    const status = clientErrorStatus(error)
    if (status === 404) return { status, body: { status: 'error', message: 'Not found', path } }
    if (status !== undefined) return { status, body: { status: 'error', message: bodyProblem(status) } }
    this.onInternal(error, path)
    return {
      status: 500,
      body: { status: 'error', message: 'An unexpected error occurred in the API endpoint' },
    }
  }
}

/** The status of an error that express or Nest blames on the request; undefined for anything else. */
function clientErrorStatus(error: unknown): number | undefined {
  const status =
    error instanceof HttpException
      ? error.getStatus()
      : typeof error === 'object' && error !== null && 'status' in error
        ? error.status
        : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}

function bodyProblem(status: number): string {
  if (status === 413) return 'The request body is too large.'
  return 'The request body is not valid JSON.'
}
