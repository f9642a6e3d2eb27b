import { digestOf } from '../../evidence/canonical.ts';
import { ReasonerGaveUp } from '../reasoner-errors.ts';
import type { Inquiry } from './inquiry.ts';
import type { ModelAnswer, ModelRequest } from './model-client.ts';
import { AnswerLost, RequestTooLong } from './model-errors.ts';
import { standing } from './standing.ts';
import { withoutSecrets } from './without-secrets.ts';

/** What is kept before a request goes out: that it did, and its length in tokens. */
interface Attempt {
  readonly input: number;
}

/** The second try is for an answer that was lost: its request may have been paid for, and is counted. */
const attempts = [1, 2];

/**
 * The answer to a request: from the ledger, else from the model. If we die after the attempt is kept and before the answer is, the
 * answer is lost, and whoever comes next asks once more and then never again.
 * @throws RequestTooLong, ModelUnavailable, ModelRefused, ReasonerGaveUp; the signal's reason.
 */
export async function ask(request: ModelRequest, inquiry: Inquiry, signal: AbortSignal): Promise<ModelAnswer> {
  const { desk } = inquiry;
  const key = digestOf(request);
  const known = (await desk.ledger.recall(`answer/${key}`, signal)) as ModelAnswer | undefined;
  if (known !== undefined) return counted(known, inquiry);
  for (const attempt of attempts) {
    const before = (await desk.ledger.recall(`asked/${key}/${attempt}`, signal)) as Attempt | undefined;
    const answer =
      before === undefined ? await tried(request, `asked/${key}/${attempt}`, inquiry, signal) : lost(before, inquiry);
    if (answer === undefined) continue;
    return counted(await standing(desk.ledger, `answer/${key}`, answer, signal), inquiry);
  }
  throw new ReasonerGaveUp(['the answer of the model was lost twice']);
}

async function tried(
  request: ModelRequest,
  key: string,
  inquiry: Inquiry,
  signal: AbortSignal,
): Promise<ModelAnswer | undefined> {
  const { desk, model } = inquiry;
  const input = await lengthOf(request, inquiry, signal);
  // A mark that is there already is another process's, which sends its own.
  if ((await desk.ledger.keep(key, { input }, signal)) !== undefined) return lost({ input }, inquiry);
  signal.throwIfAborted();
  try {
    return withoutSecrets(await model.send(request, signal));
  } catch (error) {
    if (error instanceof AnswerLost) return lost({ input }, inquiry);
    throw error;
  }
}

/** In tokens, counted by the model's own service before anything is paid for. @throws RequestTooLong */
async function lengthOf(request: ModelRequest, inquiry: Inquiry, signal: AbortSignal): Promise<number> {
  const most = Math.min(inquiry.settings.contextTokens, inquiry.desk.budget.left() - request.max_tokens);
  const length = most <= 0 ? 0 : await inquiry.model.countTokens(request, signal);
  if (most <= 0 || length > most) throw new RequestTooLong(length, most);
  return length;
}

function lost({ input }: Attempt, { desk }: Inquiry): undefined {
  desk.budget.spend({ input, output: 0 });
}

/** An answer that is recalled was paid for by a process that died before it could say so. */
function counted(answer: ModelAnswer, { desk }: Inquiry): ModelAnswer {
  const { usage } = answer;
  const cached = (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
  desk.budget.spend({ input: usage.input_tokens + cached, output: usage.output_tokens });
  return answer;
}
