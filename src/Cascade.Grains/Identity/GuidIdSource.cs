namespace Cascade.Grains.Identity;

/// <summary>Ids from version 7 UUIDs.</summary>
internal sealed class GuidIdSource(TimeProvider time) : IIdSource
{
#pragma warning disable RS0030 // The one place where ids are made.
    public string Next() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
#pragma warning restore RS0030
}
