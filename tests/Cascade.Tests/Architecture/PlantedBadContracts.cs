namespace Cascade.Tests.Architecture;

#pragma warning disable ORLEANS0010 // The missing alias is what the rule is tried on.
#pragma warning disable CA1852 // So is the missing 'sealed'.

/// <summary>A grain interface with nearly everything wrong.</summary>
internal interface IPlantedBadGrain : IGrainWithStringKey
{
    Task AskAsync(CancellationToken cancellationToken = default);

    [Alias("find")]
    Task<IPlantedGrain?> FindAsync(CancellationToken cancellationToken = default);

    [Alias("tell")]
    Task TellAsync(int value);
}

internal class PlantedBadGrain : Grain, IPlantedBadGrain
{
    public Task AskAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<IPlantedGrain?> FindAsync(CancellationToken cancellationToken = default) => Task.FromResult<IPlantedGrain?>(null);

    public Task TellAsync(int value) => Task.CompletedTask;
}
