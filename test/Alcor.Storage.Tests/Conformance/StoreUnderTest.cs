using Alcor.Kernel.Store;
using Alcor.Storage.Sqlite;

namespace Alcor.Storage.Tests.Conformance;

public enum StoreKind
{
    Memory,
    Sqlite,
}

/// <summary>One fresh, empty store of a kind, with whatever it needs on disk.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    private readonly TemporaryDirectory? directory;

    private StoreUnderTest(IStore store, TemporaryDirectory? directory)
    {
        Store = store;
        this.directory = directory;
    }

    public static TheoryData<StoreKind> Kinds { get; } = [.. Enum.GetValues<StoreKind>()];

    public IStore Store { get; }

    public static async Task<StoreUnderTest> OpenAsync(StoreKind kind)
    {
        if (kind == StoreKind.Memory)
            return new StoreUnderTest(new MemoryStore(), null);
        var home = new TemporaryDirectory();
        var options = new SqliteStoreOptions(home.File("store.db"));
        return new StoreUnderTest(await SqliteStore.OpenAsync(options, Words.Token), home);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        directory?.Dispose();
    }
}
