// Runs OpenAI's own client against the gateway and prints what it saw as JSON.
const { OpenAI } = require('openai');

const [baseURL, richKey, poorKey, model, stubURL, stubModel] = process.argv.slice(2);
const messages = [{ role: 'user', content: 'What is 2 + 2?' }];

const client = (apiKey, sent) => new OpenAI({
  baseURL,
  apiKey,
  fetch: (url, init) => {
    sent.count++;
    return fetch(url, init);
  },
});

const failure = async (apiKey, body) => {
  const sent = { count: 0 };
  try {
    await client(apiKey, sent).chat.completions.create({ model, messages, ...body });
    return { type: 'none' };
  } catch (error) {
    return { type: error.constructor.name, status: error.status, code: error.code, param: error.param ?? null, sent: sent.count };
  }
};

const streamed = async (client, name) => {
  const seen = { parts: [], finish: null, usage: null, facts: null };
  const stream = await client.chat.completions.create({ model: name, messages, stream: true, stream_options: { include_usage: true } });
  for await (const chunk of stream) {
    const choice = chunk.choices[0];
    if (choice?.delta?.content) seen.parts.push(choice.delta.content);
    seen.finish = choice?.finish_reason ?? seen.finish;
    seen.usage = chunk.usage ?? seen.usage;
    seen.facts = chunk.x_cascade ?? seen.facts;
  }
  return seen;
};

const main = async () => {
  const rich = client(richKey, { count: 0 });
  const completion = await rich.chat.completions.create({ model, messages });
  const models = [];
  for await (const item of rich.models.list()) models.push(item.id);
  console.log(JSON.stringify({
    stream: await streamed(rich, model),
    direct: await streamed(new OpenAI({ baseURL: stubURL, apiKey: 'any' }), stubModel),
    completion,
    models,
    noMoney: await failure(poorKey, {}),
    wrongKey: await failure('key-of-nobody', {}),
    unknownModel: await failure(richKey, { model: 'stub/modle' }),
    badRequest: await failure(richKey, { max_completion_tokens: -5 }),
  }));
};

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
