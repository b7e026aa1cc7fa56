import type { TradeConversion } from '../matching/trade-conversion'
import { socketTime } from './indian-time'
import { messageFields } from './order-rows'

/** The `tradeConversion` event: a position changed its product. */
export function tradeConversionEvent(conversion: TradeConversion): Record<string, unknown> {
  const { account, clientCode, instrument, fromProduct, toProduct, quantity } = conversion
  const { segment, token } = instrument
  const owner = `${clientCode}:Client:${clientCode}`
  return {
    LoginID: account.userId,
    ClientID: clientCode,
    UniqueKey: `${owner}:${toProduct}:NONE:${segment}:${token}:ParentLevel`,
    Success: true,
    ErrorMessage: '',
    OriginalProduct: fromProduct,
    TargetProduct: toProduct,
    OriginalQty: conversion.heldQuantity,
    TargetQty: quantity,
    EntityType: 'Client',
    ExchangeSegment: segment,
    ExchangeInstrumentId: token,
    TargetEntityId: clientCode,
    NetValue: Math.round(conversion.price * quantity * 100) / 100,
    Status: 'PositionConverted',
    RejectionReason: '',
    RejectedBy: '',
    Price: Math.round(conversion.price * 100) / 100,
    NOWTimeStamp: socketTime(conversion.convertedAtMs, conversion.sequence),
    OrderSide: conversion.side === 'BUY' ? 'Buy' : 'Sell',
    IsProOrder: account.kind === 'pro',
    ...messageFields({ code: 9007, version: 4, applicationType: 146, sequence: conversion.sequence }),
  }
}
