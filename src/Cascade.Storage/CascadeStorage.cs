namespace Cascade.Storage;

/// <summary>Names that grains use to reach storage.</summary>
public static class CascadeStorage
{
    /// <summary>The grain storage provider that holds all grain state.</summary>
    public const string State = "cascade.state";
}
