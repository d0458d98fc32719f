// Runs OpenAI's own client against the provider itself and against the gateway, and prints what it saw of each as JSON.
const { OpenAI } = require('openai');

const [directUrl, directModel, throughUrl, throughModel, key] = process.argv.slice(2);
const direct = new OpenAI({ baseURL: directUrl, apiKey: 'any' });
const through = new OpenAI({ baseURL: throughUrl, apiKey: key });

const schema = {
  type: 'object',
  properties: { city: { $ref: '#/$defs/c' } },
  required: ['city'],
  additionalProperties: false,
  $defs: { c: { type: 'string' } },
};
const tools = [
  { type: 'function', function: { name: 'weather', description: 'Says it.', parameters: schema, strict: true } },
  { type: 'function', function: { name: 'now' } },
];
const user = (content) => ({ role: 'user', content });
const image = (url, detail) => ({ type: 'image_url', image_url: detail ? { url, detail } : { url } });

const cases = {
  call: { messages: [user('call')], tools, tool_choice: 'required', parallel_tool_calls: false },
  both: { messages: [user('both')], tools, parallel_tool_calls: true },
  result: {
    messages: [
      user('Sunny?'),
      { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{ "city": "Città" }' } }] },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
    ],
    tools,
  },
  schema: { messages: [user('schema')], response_format: { type: 'json_schema', json_schema: { name: 'reply', schema, strict: true } } },
  logprobs: { messages: [user('logprobs')], logprobs: true, top_logprobs: 2 },
  refuse: { messages: [user('refuse')], user: 'somebody', reasoning_effort: 'low', verbosity: 'low', prompt_cache_key: 'k' },
  image: {
    messages: [user([{ type: 'text', text: 'What is it?' }, image('https://pictures.test/a.png', 'low'), image('data:image/png;base64,iVBORw==')])],
  },
};

// Texts piece by piece; what the gateway sends when it is whole is put together first, as every client has to.
const streamed = async (client, model, body) => {
  const seen = { texts: [], calls: [], refusal: '', tokens: [], finish: null, usage: null };
  const stream = await client.chat.completions.create({
    model, max_completion_tokens: 100, ...body, stream: true, stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    if (chunk.usage) {
      const { prompt_tokens, completion_tokens, total_tokens } = chunk.usage;
      seen.usage = { prompt_tokens, completion_tokens, total_tokens };
    }
    for (const { delta, logprobs, finish_reason } of chunk.choices) {
      if (delta.content) seen.texts.push(delta.content);
      seen.refusal += delta.refusal ?? '';
      seen.tokens.push(...(logprobs?.content ?? []));
      seen.finish = finish_reason ?? seen.finish;
      for (const piece of delta.tool_calls ?? []) {
        const call = (seen.calls[piece.index] ??= { id: piece.id, type: piece.type, name: piece.function.name, arguments: '' });
        call.arguments += piece.function.arguments ?? '';
      }
    }
  }
  return seen;
};

const choices = async (client, model, body) => (await client.chat.completions.create({ model, max_completion_tokens: 100, ...body })).choices;

const main = async () => {
  const seen = {};
  for (const [name, body] of Object.entries(cases)) {
    seen[name] = {
      direct: await choices(direct, directModel, body),
      through: await choices(through, throughModel, body),
      directStream: await streamed(direct, directModel, body),
      throughStream: await streamed(through, throughModel, body),
    };
  }
  console.log(JSON.stringify(seen));
};

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
