export * from './http-call'
export * from './http-caller'
