/** What a page is told of a filter that somebody types in it. */
import { compileFilter, completeFilter } from '@omqtt/inspect';
import type { PageMessage, ServerMessage } from '../api/messages.ts';

type Question = Extract<PageMessage, { readonly type: 'complete' }>;

export function completed({ request, text, cursor }: Question): ServerMessage {
  return { type: 'completed', request, problems: compileFilter(text).problems, ...completeFilter(text, cursor) };
}
