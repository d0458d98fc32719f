using Cascade.Verification;

namespace Cascade.Tests.Verification;

/// <summary>Answers every second opinion the same way and counts how often it was asked.</summary>
internal sealed class FakeSecondOpinion(Opinion opinion) : ISecondOpinion
{
    public List<string> Asked { get; } = [];

    public ValueTask<Opinion> AskAsync(string endpoint, CancellationToken cancellationToken)
    {
        Asked.Add(endpoint);
        return ValueTask.FromResult(opinion);
    }
}

/// <summary>A judge with a fixed verdict that counts how often it was asked.</summary>
internal sealed class FakeVerifier(string name, double score, long costNanos = 0) : IVerifier, IPaidVerifier
{
    public int Asked { get; private set; }

    public string Name => name;

    public bool Costs => costNanos > 0;

    public ValueTask<Verdict> VerifyAsync(Draft draft, CancellationToken cancellationToken)
    {
        Asked++;
        return ValueTask.FromResult(new Verdict { Verifier = name, Score = score, CostNanos = costNanos, Evidence = [$"from-{name}"] });
    }
}

internal static class Drafts
{
    internal static Draft Of(string answer, ISecondOpinion? second = null) => new()
    {
        Question = "What is it?",
        Answer = answer,
        FinishReason = "stop",
        SecondOpinion = second ?? new FakeSecondOpinion(default),
    };
}
