using Cascade.Grains.Endpoints;
using Cascade.Grains.Model;
using Cascade.Grains.Routing;
using Cascade.TestKit.Grains;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Grains.Reliability;

public sealed class DeploymentChoiceTests
{
    private static readonly Gen<EndpointStanding> Standing = Gen.Select(
        Gen.Int[0, 9],
        Gen.Int[0, 3],
        static (kind, load) => new EndpointStanding
        {
            IsOut = kind == 0,
            MayProbe = kind == 1,
            PausedFor = TimeSpan.FromSeconds(kind is 2 or 3 ? kind : 0),
            EjectedFor = TimeSpan.FromSeconds(kind == 4 ? 1 : 0),
            Load = load,
        });

    private static readonly Gen<(EndpointStanding[] Standings, int Draw)> Groups = Gen.Select(Standing.Array[1, 5], Gen.Int[0, 100_000]);

    [Fact]
    public void Pick_AnyGroup_IsNeverLessFitThanAnotherNorTheMostLoadedOfTheFittest() => Groups.Sample(
        static group =>
        {
            var (picked, best) = Play(group.Standings, group.Draw);
            var standing = group.Standings[picked];
            if (group.Standings.Any(static s => s.MayProbe))
            {
                Assert.True(standing.MayProbe);
                return;
            }

            Assert.Equal(best, standing.Fitness);
            Assert.Equal(group.Standings.Min(static s => s.Fitness), standing.Fitness);
            var equals = group.Standings.Where(s => s.Fitness == best).ToList();
            if (best == EndpointFitness.Paused)
            {
                Assert.Equal(equals.Min(static s => s.PausedFor), standing.PausedFor);
            }
            else if (equals.Count(s => s.Load == equals.Max(static e => e.Load)) == 1 && equals.Count > 1)
            {
                Assert.True(standing.Load < equals.Max(static e => e.Load));
            }
        },
        iter: 5_000);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        Groups.Sample(
            group =>
            {
                var fits = group.Standings.Select(static s => s.Fitness).Distinct().ToList();
                seen.UnionWith(fits.Select(static f => f.ToString()));
                seen.Add(fits.Count > 1 ? "mixed" : "alike");
                seen.Add(fits.Min() == EndpointFitness.Fit ? "one is fit" : "none is fit");
                seen.Add(group.Standings.Any(static s => s.MayProbe) ? "probe" : "no probe");
            },
            iter: 2_000,
            threads: 1);

        Assert.Empty(new[] { "Fit", "Ejected", "Paused", "Out", "mixed", "alike", "one is fit", "none is fit", "probe", "no probe" }.Except(seen));
    }

    [Fact]
    public void Pick_EqualLoad_SpreadsEvenly()
    {
        var counts = new int[4];
        for (var draw = 0; draw < 4_000; draw++)
        {
            counts[Play(new EndpointStanding[4], draw).Picked]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 900, 1_100));
    }

    [Fact]
    public void Pick_LoadGrowsWithEachCall_StaysWithinAFewCallsOfTheMean()
    {
        // Each lasts for ever: the balls into bins of the power of two choices, whose fullest bin is ln ln n above the mean.
        var load = new double[8];
        for (var call = 0; call < 800; call++)
        {
            load[Play([.. load.Select(static l => new EndpointStanding { Load = l })], call).Picked]++;
        }

        Assert.All(load, l => Assert.InRange(l, 96, 104));
    }

    private static (int Picked, EndpointFitness Fitness) Play(EndpointStanding[] standings, int draw)
    {
        var model = new TestModel();
        for (var i = 0; i < standings.Length; i++)
        {
            model.Endpoint($"m{i}", ScriptedCaller.Answering("42"));
        }

        EndpointModel[] endpoints = [.. model.Build().Endpoints.Values.OrderBy(static e => e.Id.Value, StringComparer.Ordinal)];
        var pick = DeploymentChoice.Pick(endpoints, e => standings[Array.IndexOf(endpoints, e)], $"draw-{draw}");
        return (Array.IndexOf(endpoints, pick!.Value.Endpoint), pick.Value.Fitness);
    }
}
