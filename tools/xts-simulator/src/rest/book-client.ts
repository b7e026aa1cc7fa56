import { clientOfBook, clientOfDealerBook } from '../state/account'
import { NOT_MAPPED, refusal, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import type { FieldReader } from './field-reader'
import type { Call } from './route'

/** What a book answers when it cannot name a client. */
export interface BookAnswers {
  readonly notMappedCode: string
  /** Its answer when there is nothing in it. */
  readonly empty: () => Answer
  /** Dealer books know clients by the dealer's own rules. */
  readonly isDealerBook?: boolean | undefined
}

/** Whose book a request asks for, or the answer it gets instead. All errors of the query come together. */
export function readBookClient(
  { choices }: Broker,
  call: Call,
  fields: FieldReader,
  answers: BookAnswers,
): { readonly clientCode: string } | Answer {
  const { account } = call.session
  const clientID = fields.optionalText('clientID')
  const isUnnamed = account.kind !== 'retail' && clientID === undefined
  if (isUnnamed && choices.missingClient === 'empty' && fields.errors.length === 0) return answers.empty()
  const choice = (answers.isDealerBook ? clientOfDealerBook : clientOfBook)(account, clientID)
  if (choice.kind === 'missing') fields.refuse('clientID', 'is required', 'any.required')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (choice.kind === 'client') return { clientCode: choice.clientCode }
  if (choices.unmappedClient === 'empty') return { ...answers.empty(), why: NOT_MAPPED }
  return refusal(answers.notMappedCode, NOT_MAPPED)
}
