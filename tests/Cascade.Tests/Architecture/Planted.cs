using System.Collections.Immutable;
using Cascade.Contracts;
using Orleans.CodeGeneration;

namespace Cascade.Tests.Architecture;

/// <summary>A grain interface as it should be.</summary>
[Alias("planted"), GrainInterfaceType("planted"), Version(2)]
internal interface IPlantedGrain : IGrainWithStringKey
{
    [Alias("ask")]
    Task<PlantedEnum> AskAsync(PlantedMessage message, CancellationToken cancellationToken = default);
}

[GenerateSerializer, Immutable, Alias("planted.message")]
internal sealed record PlantedMessage
{
    [Id(0)]
    public int Count { get; init; }

    [Id(3)]
    public ImmutableArray<long?> Values { get; init; } = [];
}

[GenerateSerializer, Alias("planted.enum")]
internal enum PlantedEnum
{
    None = 0,
    Seven = 7,
}

/// <summary>A wire type with nearly everything wrong; it has no serializer, so that nothing is generated for it.</summary>
internal sealed record PlantedBadMessage
{
    [Id(0)]
    public int First { get; init; }

    [Id(0)]
    public int Second { get; init; }

    public int Third { get; init; }

    [Id(4)]
    public List<int> Fourth { get; init; } = [];
}

internal sealed class PlantedBadException : CascadeException;
