namespace Cascade.Grains.Identity;

/// <summary>Gives out ids that nobody else gives out. Thread-safe.</summary>
public interface IIdSource
{
    /// <summary>A new id: 32 hexadecimal digits, roughly ordered by time.</summary>
    /// <returns>The id.</returns>
    string Next();
}
