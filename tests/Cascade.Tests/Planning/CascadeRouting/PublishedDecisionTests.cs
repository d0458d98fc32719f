using Cascade.Planning.CascadeRouting;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.CascadeRouting;

/// <summary>
/// The published decision (all supersets, E[max] by sampling) against ours. On the same sample both decide the same. On another, larger sample they
/// differ where two sets are worth the same up to what the sample can tell.
/// </summary>
public sealed class PublishedDecisionTests(ITestOutputHelper output)
{
    private const int Many = 4_096;

    [Theory]
    [InlineData(8, 0)]
    [InlineData(6, 2)]
    public void BestSuperset_AgainstManySamples_DiffersOnlyWithinSamplingError(int models, int answered)
    {
        var normals = ExhaustiveReference.MonteCarlo(Many, models, seed: 11);
        var reference = new ExhaustiveReference(normals);
        var (states, equal, within, worst) = (0, 0, 0, 0.0);
        RoutingCase.Fitted(models, answered).Sample(
            c =>
            {
                var (best, values) = reference.Search(c);
                var ours = c.Search();
                states++;
                equal += ours == best ? 1 : 0;
                within += ours == best || values[best] - values[ours] <= 4 * StandardError(c, normals, ours, best) ? 1 : 0;
                worst = Math.Max(worst, values[best] - values[ours]);
            },
            iter: 80, threads: 1);
        output.WriteLine($"{models} models, {answered} answered: {equal} of {states} sets equal, {within} within sampling error, largest loss {worst:E2}");

        // About one state in a few hundred is further off, for 256 points fall more evenly than independent ones only on average; a search that
        // is wrong misses most of them.
        Assert.True(within >= 0.9 * states, $"{within} of {states}");
        Assert.InRange((double)equal / states, 0.6, 1);
        Assert.InRange(worst, 0, 2e-2);
    }

    /// <summary>Of the difference between two sets' values as 256 independent points would give it, over the points of the reference.</summary>
    private static double StandardError(RoutingCase c, double[][] normals, int one, int other)
    {
        var factor = ExhaustiveReference.Cholesky(c.Covariance);
        var (sum, square) = (0.0, 0.0);
        foreach (var z in normals)
        {
            var (first, second) = (double.NegativeInfinity, double.NegativeInfinity);
            for (var i = 0; i < c.Size; i++)
            {
                var x = c.Mean[i];
                for (var d = 0; d <= i; d++)
                {
                    x += factor[i, d] * z[d];
                }

                first = (one & (1 << i)) != 0 ? Math.Max(first, x) : first;
                second = (other & (1 << i)) != 0 ? Math.Max(second, x) : second;
            }

            (sum, square) = (sum + first - second, square + ((first - second) * (first - second)));
        }

        var mean = sum / normals.Length;
        return Math.Sqrt(((square / normals.Length) - (mean * mean)) / ExpectedMaximum.DefaultPoints);
    }
}
