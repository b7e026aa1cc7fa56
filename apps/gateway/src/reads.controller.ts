import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common'
import { ReadPositionBook, type PositionBookAnswer } from './read-position-book'
import { ReadQuotes, type QuotesAnswer } from './read-quotes'

/** OpenAlgo's calls that change nothing; they are POST there too, because the key travels in the body. */
@Controller('api/v1')
export class ReadsController {
  constructor(
    @Inject(ReadPositionBook) private readonly readPositionBook: ReadPositionBook,
    @Inject(ReadQuotes) private readonly readQuotes: ReadQuotes,
  ) {}

  @Post('positionbook')
  @HttpCode(200)
  positionBook(@Body() body: unknown): Promise<PositionBookAnswer> {
    return this.readPositionBook.read(body)
  }

  @Post('quotes')
  @HttpCode(200)
  quotes(@Body() body: unknown): Promise<QuotesAnswer> {
    return this.readQuotes.read(body)
  }
}
