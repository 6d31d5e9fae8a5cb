using System.Diagnostics;
using System.Globalization;
using Alcor.Kernel.Store;
using Alcor.Storage.Sqlite;

namespace Alcor.Storage.Tests.Sqlite;

/// <summary>
/// What was acknowledged is there after the process was killed, and what is there is there as a whole.
/// </summary>
public sealed class DurabilityTests
{
    private static readonly TimeSpan HangProtection = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill_at_any_moment()
    {
        const int Rounds = 6;
        var random = Seed.For(nameof(What_was_acknowledged_survives_a_kill_at_any_moment));
        using var directory = new TemporaryDirectory();
        var path = directory.File("store.db");
        for (var round = 0; round < Rounds; round++)
        {
            using var child = Start(path);
            var outcomes = new List<Outcome> { await NextAsync(child) };
            // The moment of death is counted in answers, plus a little time, so that it falls anywhere in a batch.
            for (var more = random.Next(800); more > 0; more--)
                outcomes.Add(await NextAsync(child));
            await Task.Delay(TimeSpan.FromMicroseconds(random.Next(3_000)), TestContext.Current.CancellationToken);
            child.Kill();
            outcomes.AddRange(await RestAsync(child));
            Assert.All(outcomes, outcome => Assert.Equal("ok", outcome.What));
            await AssertWholeAsync(path, outcomes);
        }
    }

    [Fact]
    public async Task A_disk_that_takes_no_more_fails_commits_as_a_whole_and_recovers()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/prlimit"), "prlimit, which stands for the full disk, is not installed");
        using var directory = new TemporaryDirectory();
        var path = directory.File("store.db");
        using var child = Start(path);
        var outcomes = new List<Outcome>();
        await ReadUntilAsync(child, outcomes, "ok", 100);
        await LimitFilesAsync(child, $"{new FileInfo(path + "-wal").Length + 100_000}:");
        await ReadUntilAsync(child, outcomes, "unknown", 60);
        await LimitFilesAsync(child, "unlimited:");
        await ReadUntilAsync(child, outcomes, "ok", 200);
        child.Kill();
        outcomes.AddRange(await RestAsync(child));
        Assert.DoesNotContain(outcomes, outcome => outcome.What == "refused");
        await AssertWholeAsync(path, outcomes);
    }

    private static async Task AssertWholeAsync(string path, List<Outcome> outcomes)
    {
        await using var store = await SqliteStore.OpenAsync(
            new SqliteStoreOptions(path), TestContext.Current.CancellationToken);
        for (var caller = 0; caller < DurabilityChild.Callers; caller++)
        {
            var head = await DurabilityChild.HeadAsync(store, caller);
            var acknowledged = outcomes.Where(one => one.What == "ok" && one.Caller == caller);
            Assert.InRange(head, acknowledged.Select(one => one.Number).DefaultIfEmpty(0).Max(), int.MaxValue);
            await AssertMembersAsync(store, caller, head);
            await AssertLinksAsync(store, caller, head);
            await AssertGaplessAsync(store, DurabilityChild.Own(caller));
        }

        await AssertGaplessAsync(store, DurabilityChild.Shared);
    }

    /// <summary>All members of the transactions up to the head, with their values, and none of any later one.</summary>
    private static async Task AssertMembersAsync(SqliteStore store, int caller, int head)
    {
        var members = await store.ListAsync(ListQuery.By("member", "caller", $"{caller}"), CancellationToken.None);
        var values = members.ToDictionary(one => one.Key, one => one.Value);
        Assert.Equal(head * DurabilityChild.Members, values.Count);
        var counters = await store.CountsAsync(DurabilityChild.CounterOf(caller), CancellationToken.None);
        Assert.Equal(values.Count, counters.Sum(one => one.Value));
        for (var number = 1; number <= head; number++)
        {
            for (var index = 0; index < DurabilityChild.Members; index++)
            {
                var value = values[DurabilityChild.Member(caller, number, index)];
                Assert.Equal(DurabilityChild.ValueOf(caller, number, index), value.ToArray());
            }
        }
    }

    private static async Task AssertLinksAsync(SqliteStore store, int caller, int head)
    {
        var referrers = await store.ReferrersAsync(DurabilityChild.Head(caller), int.MaxValue, CancellationToken.None);
        Assert.Equal(head * DurabilityChild.Members, referrers.Count);
        if (head == 0)
            return;
        var thief = new Write(
            new ResourceKey("member", "thief"), DurabilityChild.Shared, new byte[1],
            [DurabilityChild.ClaimOf(caller, head, 1)], [], []);
        var result = Assert.Single(await store.CommitAsync([new Transaction([thief], [])], CancellationToken.None));
        var refusal = Assert.IsType<Refusal.Claimed>(Assert.IsType<CommitResult.Refused>(result).Refusal);
        Assert.Equal(DurabilityChild.Member(caller, head, 1), refusal.Owner);
    }

    /// <summary>
    /// Each revision made a resource that was never written again, so each must still be seen on one.
    /// </summary>
    private static async Task AssertGaplessAsync(SqliteStore store, PartitionKey partition)
    {
        var snapshot = await store.SnapshotAsync(partition, CancellationToken.None);
        var revisions = snapshot.Resources.Select(one => one.Revision).Distinct().Order();
        Assert.Equal(Enumerable.Range(1, (int)snapshot.Revision).Select(one => (long)one), revisions);
    }

    private static Process Start(string path)
    {
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("the test executable has no path");
        var start = new ProcessStartInfo(self) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
            start.ArgumentList.Add(typeof(DurabilityTests).Assembly.Location);
        start.ArgumentList.Add("child");
        start.ArgumentList.Add(path);
        return Process.Start(start) ?? throw new InvalidOperationException($"{self} did not start");
    }

    private static async Task LimitFilesAsync(Process child, string limit)
    {
        using var prlimit = Process.Start("/usr/bin/prlimit", ["--pid", $"{child.Id}", $"--fsize={limit}"]);
        await prlimit.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, prlimit.ExitCode);
    }

    private static async Task ReadUntilAsync(Process child, List<Outcome> outcomes, string what, int times)
    {
        while (times > 0)
        {
            var outcome = await NextAsync(child);
            outcomes.Add(outcome);
            times -= outcome.What == what ? 1 : 0;
        }
    }

    private static async Task<Outcome> NextAsync(Process child)
    {
        var line = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            .AsTask().WaitAsync(HangProtection, TestContext.Current.CancellationToken);
        Assert.NotNull(line);
        return Parse(line);
    }

    /// <summary>What the child had said when it died; a line that it did not finish says nothing.</summary>
    private static async Task<List<Outcome>> RestAsync(Process child)
    {
        var text = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text.Split('\n').SkipLast(1).Select(Parse).ToList();
    }

    private static Outcome Parse(string line)
    {
        var words = line.Split(' ');
        return new Outcome(
            words[0],
            int.Parse(words[1], CultureInfo.InvariantCulture),
            int.Parse(words[2], CultureInfo.InvariantCulture));
    }

    private sealed record Outcome(string What, int Caller, int Number);
}
