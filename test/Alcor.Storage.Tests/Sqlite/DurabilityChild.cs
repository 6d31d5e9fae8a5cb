using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Alcor.Kernel.Store;
using Alcor.Storage.Sqlite;

namespace Alcor.Storage.Tests.Sqlite;

/// <summary>
/// A process that commits under load and says on its output what became of each transaction, once it knows. Each caller
/// numbers its transactions; transaction n makes three resources and moves the caller's head from n - 1 to n.
/// </summary>
internal static class DurabilityChild
{
    public const int Callers = 12;
    public const int Members = 3;
    private const int SignalOfFileSizeLimit = 25; // SIGXFSZ

    public static readonly PartitionKey Shared = PartitionKey.Network("shared");

    public static PartitionKey Own(int caller) => PartitionKey.Host($"own-{caller}");

    public static ResourceKey Head(int caller) => new("head", $"{caller}");

    public static ResourceKey Member(int caller, int number, int index) => new("member", $"{caller}-{number}-{index}");

    public static Claim ClaimOf(int caller, int number, int index) =>
        new($"space-{index}", (UInt128)((caller * 1_000_000) + number));

    public static string CounterOf(int caller) => $"members/{caller}/";

    public static byte[] ValueOf(int caller, int number, int index) =>
        Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Repeat($"{caller}-{number}-{index}", 1 + (number % 90))));

    /// <summary>Commits until it is killed.</summary>
    public static async Task RunAsync(string path)
    {
        // With a handler the limit on file sizes, which one test uses for a full disk, is an error and not the end.
        using var limit = PosixSignalRegistration.Create(
            (PosixSignal)SignalOfFileSizeLimit, context => context.Cancel = true);
        await using var store = await SqliteStore.OpenAsync(new SqliteStoreOptions(path), CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CommitAsync(store, caller))));
    }

    public static async Task<int> HeadAsync(IStore store, int caller)
    {
        var head = await store.GetAsync(Head(caller), CancellationToken.None);
        return head is null ? 0 : int.Parse(Encoding.UTF8.GetString(head.Value.Span), CultureInfo.InvariantCulture);
    }

    private static async Task CommitAsync(SqliteStore store, int caller)
    {
        var number = await HeadAsync(store, caller);
        while (true)
        {
            number++;
            try
            {
                var results = await store.CommitAsync([Step(caller, number)], CancellationToken.None);
                Say(results[0] is CommitResult.Committed ? "ok" : "refused", caller, number);
            }
            catch (Exception exception) when (exception is CommitUnknownException or StoreException)
            {
                Say(exception is StoreException ? "failed" : "unknown", caller, number);
                await Task.Delay(20);
                number = await HeadAsync(store, caller);
            }
        }
    }

    private static Transaction Step(int caller, int number)
    {
        var head = new Write(
            Head(caller), Own(caller), Encoding.UTF8.GetBytes($"{number}"), [], [Member(caller, number, 0)], []);
        var members = Enumerable.Range(0, Members).Select(index => new Write(
            Member(caller, number, index),
            index == 0 ? Own(caller) : Shared,
            ValueOf(caller, number, index),
            [ClaimOf(caller, number, index)],
            [Head(caller)],
            [new IndexEntry("caller", $"{caller}")]));
        return new Transaction([head, .. members], [new Guard.Absent(Member(caller, number, 0))])
        {
            Counts = [new CounterChange(CounterOf(caller), Members, null)],
        };
    }

    private static void Say(string outcome, int caller, int number)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine($"{outcome} {caller} {number}");
            Console.Out.Flush();
        }
    }
}
