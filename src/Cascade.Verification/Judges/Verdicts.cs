namespace Cascade.Verification;

internal static class Verdicts
{
    internal static Verdict Of(string verifier, double score, params ReadOnlySpan<string> evidence) =>
        new() { Verifier = verifier, Score = score, Evidence = [.. evidence] };
}
