namespace Cascade.Verification;

/// <summary>Marks a judge whose opinion can cost money, so that composed judges ask it last.</summary>
public interface IPaidVerifier
{
    /// <summary>Whether asking it can cost money.</summary>
    bool Costs { get; }
}
