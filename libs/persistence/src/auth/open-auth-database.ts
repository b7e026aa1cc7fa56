import { Database } from '../database'
import { ApiKeyEntity } from './api-key-entity'
import { AddInteractivePrefix1763600000002, CreateAuthTables1763600000001 } from './migrations'
import { SessionEntity } from './session-entity'

/** Opens `auth.sqlite`, owned by auth-service alone. */
export function openAuthDatabase(file: string): Promise<Database> {
  return Database.open({
    file,
    entities: [SessionEntity, ApiKeyEntity],
    migrations: [CreateAuthTables1763600000001, AddInteractivePrefix1763600000002],
    // A login that is on the broker's side but not on our disk would be made a second time; logins are rare.
    synchronous: 'FULL',
  })
}
