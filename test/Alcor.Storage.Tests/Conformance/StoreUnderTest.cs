using Alcor.Kernel.Store;

namespace Alcor.Storage.Tests.Conformance;

public enum StoreKind
{
    Memory,
}

/// <summary>One fresh, empty store of a kind, with whatever it needs on disk.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    private StoreUnderTest(IStore store) => Store = store;

    public static TheoryData<StoreKind> Kinds { get; } = [.. Enum.GetValues<StoreKind>()];

    public IStore Store { get; }

    public static Task<StoreUnderTest> OpenAsync(StoreKind kind) => kind switch
    {
        StoreKind.Memory => Task.FromResult(new StoreUnderTest(new MemoryStore())),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public async ValueTask DisposeAsync() => await Store.DisposeAsync();
}
