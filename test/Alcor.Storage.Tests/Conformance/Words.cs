using System.Text;
using Alcor.Kernel.Store;

namespace Alcor.Storage.Tests.Conformance;

/// <summary>Short words for transactions, and answers as text that compares and reads well.</summary>
internal static class Words
{
    public static readonly PartitionKey Red = PartitionKey.Network("red");
    public static readonly PartitionKey Blue = PartitionKey.Network("blue");

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static ResourceKey Port(string id) => new("port", id);

    public static Claim Address(long number) => new("subnet/a", (UInt128)number);

    public static Write Put(ResourceKey key, PartitionKey partition, string value = "v") =>
        new(key, partition, Encoding.UTF8.GetBytes(value), [], [], []);

    public static Write Claiming(this Write write, params Claim[] claims) => write with { Claims = claims };

    public static Write Needing(this Write write, params ResourceKey[] targets) => write with { References = targets };

    public static Write Under(this Write write, params IndexEntry[] index) => write with { Index = index };

    public static Transaction Of(params Write[] writes) => new(writes, []);

    public static Transaction If(this Transaction transaction, params Guard[] guards) =>
        transaction with { Guards = guards };

    public static Transaction Counting(this Transaction transaction, params CounterChange[] counts) =>
        transaction with { Counts = counts };

    /// <summary>Commits one transaction and gives its outcome as text.</summary>
    public static async Task<string> CommitAsync(this IStore store, Transaction transaction)
    {
        var results = await store.CommitAsync([transaction], Token);
        return Text(Assert.Single(results));
    }

    public static string Text(CommitResult result) => result switch
    {
        CommitResult.Committed committed => "committed " + string.Join(' ', committed.Revisions.Select(Text)),
        CommitResult.Refused refused => "refused " + refused.Refusal switch
        {
            Refusal.Missing missing => $"missing {missing.Key}",
            Refusal.Present present => $"present {present.Key}",
            Refusal.RevisionDiffers differs => $"{differs.Key} is at {differs.Actual}",
            Refusal.Referenced referenced => $"{referenced.Key} referenced by {referenced.By}",
            Refusal.Claimed claimed => $"{claimed.Claim} claimed by {claimed.Owner}",
            Refusal.OverLimit over => $"{over.Key} is {over.Count} of {over.Limit}",
            var other => throw new ArgumentException(other.ToString()),
        },
        _ => throw new ArgumentException(result.ToString()),
    };

    public static string Text(PartitionRevision revision) => $"{revision.Partition}:{revision.Revision}";

    public static string? Text(StoredResource? resource) => resource is null
        ? null
        : $"{resource.Key} in {resource.Partition}:{resource.Revision} = {Value(resource)}";

    public static string Value(StoredResource resource) => Encoding.UTF8.GetString(resource.Value.Span);

    public static string Text(Change change) => $"{change.Key}:{change.Revision} -> {Text(change.Resource) ?? "gone"}";

    public static string Lines(IEnumerable<string?> lines) => string.Join('\n', lines);

    public static string Text(PartitionSnapshot snapshot) =>
        Lines(snapshot.Resources.Select(Text).Prepend($"{snapshot.Partition}:{snapshot.Revision}"));

    public static string Text(PartitionChanges changes) =>
        Lines(changes.Changes.Select(Text).Prepend($"{changes.Partition}:{changes.Revision}"));
}
