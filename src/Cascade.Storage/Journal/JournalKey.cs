namespace Cascade.Storage.Journal;

/// <summary>Names the stream of one lease.</summary>
/// <param name="Account">The account's path.</param>
/// <param name="LeaseId">The lease; unique for all time.</param>
public readonly record struct JournalKey(string Account, string LeaseId);
