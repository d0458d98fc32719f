using Cascade.Verification;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Verification;

/// <summary>Judges that know from the beginning of a draft that the whole cannot pass.</summary>
public sealed class PrefixTests
{
    private const string Schema = """{"type":"object","properties":{"answer":{"type":"string"}},"additionalProperties":false}""";

    private static readonly PrefixContext WantsSchema = new() { SchemaJson = Schema, WantsJson = true };
    private static readonly IVerifier Everything = VerifierFactory.Create(new VerifierConfig
    {
        Kind = "all",
        Parts =
        [
            new VerifierConfig { Kind = "json-schema" },
            new VerifierConfig { Kind = "completeness", CheckRefusals = true, CheckRepetition = true },
        ],
    });

    private static readonly string[] Words =
        ["{", "}", "[", "]", "\"answer\"", "\"other\"", ":", ",", "\"x\"", "1", " ", "\n", "I cannot", "Sure", "é", "😀", "```json", "no ", "true"];

    private static readonly Gen<string> Pieces = Gen.Int[0, Words.Length - 1].Select(i => Words[i]);

    private static readonly Gen<string> Drafts = Gen.OneOf(
        Pieces.Array[0, 12].Select(string.Concat),
        Pieces.Array[0, 4].Select(pieces => """{"answer":"ok"}""" + string.Concat(pieces)),
        Pieces.Array[1, 3].Select(pieces => string.Concat(Enumerable.Repeat(string.Concat(pieces), 300))));

    [Theory]
    [InlineData("Here is the JSON: {", EvidenceCodes.NotJson)]
    [InlineData("[1,", EvidenceCodes.SchemaMismatch)]
    [InlineData("""{"other": """, EvidenceCodes.SchemaMismatch)]
    [InlineData("""{"answer": "a"} trailing""", EvidenceCodes.NotJson)]
    [InlineData("""{"answer": "other: é""", null)]
    [InlineData("  {\"answer\"", null)]
    public void JsonSchema_Prefix_IsFoundOutLetterByLetter(string draft, string? evidence)
    {
        var check = new JsonSchemaVerifier().Begin(WantsSchema)!;

        Assert.Equal(evidence, Feed(check, draft).Evidence);
    }

    [Fact]
    public void JsonSchema_NoJsonWanted_ReadsNothing() => Assert.Null(new JsonSchemaVerifier().Begin(new PrefixContext()));

    [Fact]
    public void Repetition_ALoopOfWords_IsFoundAndALineOfDashesIsNot()
    {
        var judge = new CompletenessVerifier(checkRefusals: false, checkRepetition: true, limits: null);

        Assert.Equal(EvidenceCodes.Repetitive, Feed(judge.Begin(new PrefixContext())!, "A start. " + string.Concat(Enumerable.Repeat("and so on ", 200))).Evidence);
        Assert.Null(Feed(judge.Begin(new PrefixContext())!, new string('-', 5_000)).Evidence);
        Assert.Null(Feed(judge.Begin(new PrefixContext())!, string.Join(' ', Enumerable.Range(0, 2_000))).Evidence);
    }

    [Fact]
    public Task Prefix_FindsSomething_TheWholeScoresZero() => Drafts.SampleAsync(async draft =>
    {
        var (evidence, _) = Feed(((IPrefixVerifier)Everything).Begin(WantsSchema)!, draft);
        if (evidence is null)
        {
            return;
        }

        var verdict = await Everything.VerifyAsync(
            new Draft { Question = "?", Answer = draft, FinishReason = "stop", SchemaJson = Schema, WantsJson = true, SecondOpinion = new Nobody() },
            TestContext.Current.CancellationToken);
        Assert.Equal(0, verdict.Score);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        Drafts.Sample(
            draft =>
            {
                lock (seen)
                {
                    seen.Add(Feed(((IPrefixVerifier)Everything).Begin(WantsSchema)!, draft).Evidence ?? "none");
                    seen.Add(Feed(((IPrefixVerifier)Everything).Begin(new PrefixContext())!, draft).Evidence ?? "none");
                }
            },
            iter: 5_000);
        var loops = Pieces.Array[1, 3].Select(pieces => string.Concat(Enumerable.Repeat(string.Concat(pieces), 300)));
        loops.Sample(loop =>
        {
            lock (seen)
            {
                seen.Add(RepetitionFound(loop) ? "loop" : "no-loop");
            }
        });

        Assert.Superset(new HashSet<string> { "none", EvidenceCodes.NotJson, EvidenceCodes.SchemaMismatch, EvidenceCodes.Refusal, "loop", "no-loop" }, seen);
    }

    [Fact]
    public void Savings_OfDraftsThatFail_AreMostOfTheDraft()
    {
        var essay = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"word{i}"));
        (string Draft, double LeastShareSaved)[] cases =
        [
            ("Certainly! Here is the JSON you asked for: " + essay, 0.99),
            ("I cannot help with that. " + essay, 0.98),
            ("""{"answr": "typo", "rest": " """ + essay, 0.98),
            (string.Concat(Enumerable.Repeat("the same again ", 300)), 0.75),
        ];
        foreach (var (draft, share) in cases)
        {
            var judge = draft.StartsWith("the same", StringComparison.Ordinal)
                ? new CompletenessVerifier(checkRefusals: false, checkRepetition: true, limits: null).Begin(new PrefixContext())!
                : ((IPrefixVerifier)Everything).Begin(WantsSchema)!;
            var (_, read) = Feed(judge, draft);

            Assert.True(1.0 - ((double)read / draft.Length) >= share, $"read {read} of {draft.Length}");
        }
    }

    private static bool RepetitionFound(string text) =>
        Feed(new CompletenessVerifier(checkRefusals: false, checkRepetition: true, limits: null).Begin(new PrefixContext())!, text).Evidence is not null;

    // In parts of three letters, halves of surrogate pairs included.
    private static (string? Evidence, int Read) Feed(IPrefixCheck check, string draft)
    {
        for (var start = 0; start < draft.Length; start += 3)
        {
            if (check.Add(draft.Substring(start, Math.Min(3, draft.Length - start))) is { } evidence)
            {
                return (evidence, start + 3);
            }
        }

        return (null, draft.Length);
    }

    private sealed class Nobody : ISecondOpinion
    {
        public ValueTask<Opinion> AskAsync(string endpoint, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new Opinion(Available: false, "", 0, "nobody"));
    }
}
