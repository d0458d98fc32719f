namespace Cascade.Server.Gateway.Wire;

internal sealed record ModelList
{
    public string Object { get; init; } = "list";

    public required IReadOnlyList<ModelItem> Data { get; init; }
}

internal sealed record ModelItem
{
    public required string Id { get; init; }

    public string Object { get; init; } = "model";

    public required long Created { get; init; }

    public required string OwnedBy { get; init; }
}
