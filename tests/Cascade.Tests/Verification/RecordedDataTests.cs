using Cascade.Verification;
using Xunit;

namespace Cascade.Tests.Verification;

/// <summary>The judges against recorded answers of real models: the figures of docs/verification.md.</summary>
public sealed class RecordedDataTests
{
    private static readonly Lazy<IReadOnlyList<RecordedAnswer>> Gsm = new(RecordedData.ZeroEvalGsm);

    private static readonly (string Draft, string Second)[] Pairs =
    [
        ("Meta-Llama-3.1-8B-Instruct", "gemma-2-9b-it"),
        ("Qwen2-7B-Instruct", "Meta-Llama-3-8B-Instruct"),
        ("gpt-3.5-turbo-0125", "Mistral-Nemo-Instruct-2407"),
    ];

    private static readonly string[] WeakModels =
        ["gemma-2-2b-it", "Mixtral-8x7B-Instruct-v0.1", "Meta-Llama-3-8B-Instruct", "Mistral-Nemo-Instruct-2407", "gpt-3.5-turbo-0125"];

    [Fact]
    public void Extract_RecordedAnswers_AgreesWithTheRecordedColumns()
    {
        var rows = Rows();
        var grades = rows.Count(r => AnswerExtraction.AreSame(AnswerExtraction.Extract(r.Response).Text, r.Reference) == r.Correct);
        var answers = rows.Count(r => SameAnswer(r, AnswerExtraction.Extract(r.Response)));
        Report("grades", new Wilson(grades, rows.Count));
        Report("answers", new Wilson(answers, rows.Count));
        Assert.Equal(19_785, rows.Count);
        Assert.InRange((double)grades / rows.Count, 0.998, 1);
        Assert.InRange((double)answers / rows.Count, 0.998, 1);
    }

    [Fact]
    public async Task Arithmetic_RecordedAnswers_FlagsFewAndMostlyWrongOnes()
    {
        var rows = Rows();
        var judged = new List<(RecordedAnswer Row, Verdict Verdict)>();
        foreach (var row in rows)
        {
            judged.Add((row, await new ArithmeticVerifier().VerifyAsync(DraftOf(row), TestContext.Current.CancellationToken)));
        }

        foreach (var model in judged.GroupBy(j => j.Row.Model).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            ReportArithmetic(model.Key, model);
        }

        ReportArithmetic("weak", judged.Where(j => WeakModels.Contains(j.Row.Model)));
        ReportArithmetic("all", judged);
        foreach (var model in WeakModels)
        {
            var flagged = judged.Where(j => j.Row.Model == model && IsFlagged(j.Verdict)).ToList();
            Assert.InRange(flagged.Count / 1319.0, 0.015, 0.10);
            Assert.InRange(flagged.Count(j => j.Row.Correct) / (double)flagged.Count, 0, 0.33);
        }
    }

    [Fact]
    public async Task Agreement_RecordedPairs_SeparatesRightFromWrong()
    {
        foreach (var pair in Pairs)
        {
            var judged = await Judge(pair);
            var agree = judged.Where(j => j.Verdict.Score > 0).ToList();
            var disagree = judged.Where(j => j.Verdict.Score <= 0).ToList();
            ReportAgreement($"{pair.Draft} + {pair.Second}", judged);
            Assert.InRange(agree.Count(j => j.Correct) / (double)agree.Count, 0.960, 0.976);
            Assert.InRange(disagree.Count(j => j.Correct) / (double)disagree.Count, 0.27, 0.43);
        }
    }

    [Fact]
    public async Task AgreementCalibration_OtherHalf_IsWithinItsInterval()
    {
        var judged = new List<(string Query, bool Correct, Verdict Verdict)>();
        foreach (var pair in Pairs)
        {
            judged.AddRange(await Judge(pair));
        }

        foreach (var point in AgreementCalibration.Recorded)
        {
            var cases = judged.Where(j => j.Verdict.HasOpinion && j.Verdict.Score == point.Score).ToLookup(j => IsFitHalf(j.Query));
            var fit = new Wilson(cases[true].Count(j => j.Correct), cases[true].Count());
            var report = new Wilson(cases[false].Count(j => j.Correct), cases[false].Count());
            Report($"score {point.Score}: fitted half", fit);
            Report($"score {point.Score}: reporting half", report);
            Assert.Equal(fit.Share, point.Probability, 0.0005);
            Assert.InRange(point.Probability, report.Low, report.High);
        }
    }

    private static bool IsFlagged(Verdict verdict) => verdict.Evidence.Contains(EvidenceCodes.EquationWrong);

    private static void ReportArithmetic(string name, IEnumerable<(RecordedAnswer Row, Verdict Verdict)> judged)
    {
        var all = judged.ToList();
        var flagged = all.Where(j => IsFlagged(j.Verdict)).ToList();
        var passed = all.Where(j => j.Verdict.Score == 1).ToList();
        var silent = all.Where(j => !j.Verdict.HasOpinion).ToList();
        Report($"{name}: flagged", new Wilson(flagged.Count, all.Count));
        Report($"{name}: right when flagged", new Wilson(flagged.Count(j => j.Row.Correct), flagged.Count));
        Report($"{name}: right when passed", new Wilson(passed.Count(j => j.Row.Correct), passed.Count));
        Report($"{name}: no opinion", new Wilson(silent.Count, all.Count));
        Report($"{name}: right when no opinion", new Wilson(silent.Count(j => j.Row.Correct), silent.Count));
    }

    private static void ReportAgreement(string name, List<(string Query, bool Correct, Verdict Verdict)> judged)
    {
        var agree = judged.Where(j => j.Verdict.Score > 0).ToList();
        var disagree = judged.Where(j => j.Verdict.Score <= 0).ToList();
        Report($"{name}: agree", new Wilson(agree.Count, judged.Count));
        Report($"{name}: right when agree", new Wilson(agree.Count(j => j.Correct), agree.Count));
        Report($"{name}: right when disagree", new Wilson(disagree.Count(j => j.Correct), disagree.Count));
        Report($"{name}: no opinion", new Wilson(judged.Count - agree.Count - disagree.Count, judged.Count));
    }

    private static async Task<List<(string Query, bool Correct, Verdict Verdict)>> Judge((string Draft, string Second) pair)
    {
        var rows = Rows();
        var seconds = rows.Where(r => r.Model == pair.Second).ToDictionary(r => r.QueryId, r => r.Response);
        var judge = new AgreementVerifier(pair.Second);
        var judged = new List<(string, bool, Verdict)>();
        foreach (var row in rows.Where(r => r.Model == pair.Draft))
        {
            var draft = DraftOf(row, new FakeSecondOpinion(new Opinion(true, seconds[row.QueryId], 0, "")));
            judged.Add((row.QueryId, row.Correct, await judge.VerifyAsync(draft, TestContext.Current.CancellationToken)));
        }

        return judged;
    }

    private static Draft DraftOf(RecordedAnswer row, ISecondOpinion? second = null) =>
        Drafts.Of(row.Response, second) with { Question = row.Question };

    // FNV-1a: the same halves on every machine and in every version of the runtime.
    private static bool IsFitHalf(string query)
    {
        var hash = 2166136261u;
        foreach (var c in query)
        {
            hash = unchecked((hash ^ c) * 16777619u);
        }

        return ((hash >> 16) & 1) == 0;
    }

    private static bool SameAnswer(RecordedAnswer row, FinalAnswer found) =>
        row.Answer.Length == 0 ? !found.Found : AnswerExtraction.AreSame(row.Answer, found.Text);

    private static IReadOnlyList<RecordedAnswer> Rows()
    {
        // Outside the lazy value, which would remember a skip as a failure of every later test.
        RecordedData.SkipUnlessPresent("zeroeval.csv.gz", "zeroeval_queries.jsonl.gz", "zeroeval_gsm_responses.jsonl.gz");
        return Gsm.Value;
    }

    private static void Report(string what, Wilson share) => TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {share}");
}
