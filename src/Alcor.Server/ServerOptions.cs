using System.Collections.Immutable;
using System.Security.Cryptography;
using Alcor.Dataplane;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Server.Identity;

namespace Alcor.Server;

/// <summary>What a server process does.</summary>
[Flags]
public enum ServerRoles
{
    None = 0,
    Api = 1,
    Dataplane = 2,
    All = Api | Dataplane,
}

/// <summary>What the parts of a server share.</summary>
public sealed record ServerParts(
    IStore Store, Catalog Catalog, CommandLanes Lanes, NetworkSettings Network, TimeProvider Time);

/// <summary>
/// How a server is composed. The defaults are those of <c>alcor serve</c>, but for the store: it is in memory.
/// </summary>
public sealed record ServerOptions
{
    public ServerRoles Roles { get; init; } = ServerRoles.All;

    /// <summary>Where the API listens: <c>http://address:port</c>; port 0 takes a free one.</summary>
    public ImmutableArray<string> Listen { get; init; } = ["http://127.0.0.1:9696"];

    /// <summary>Where hosts reach the dataplane, over HTTP/2 without TLS.</summary>
    public ImmutableArray<string> Southbound { get; init; } = ["http://0.0.0.0:9697"];

    /// <summary>The database file; null: in memory, gone with the process.</summary>
    public string? DatabasePath { get; init; }

    /// <summary>
    /// A store that somebody else opened and will close; then <see cref="DatabasePath"/> is not looked at.
    /// </summary>
    public IStore? Store { get; init; }

    /// <summary>Rules that replace the default ones; null: these alone.</summary>
    public string? PolicyFile { get; init; }

    /// <summary>Null: requests need no token, and whoever reaches the API may do everything.</summary>
    public KeystoneOptions? Keystone { get; init; }

    public NetworkSettings Network { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// A number for each new resource that no other resource is likely to have had lately; called by many threads.
    /// </summary>
    public Func<ulong> Entropy { get; init; } = CountFromAnywhere();

    public DataplaneOptions Dataplane { get; init; } = new();

    /// <summary>Where log lines go; nowhere by default.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = _ => { };

    /// <summary>
    /// Counts from a random start, so that MAC addresses that are chosen one after the other are neighbours: in the
    /// set of taken ones they are one run, and their claims stand on the same pages of the database.
    /// </summary>
    private static Func<ulong> CountFromAnywhere()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        var last = BitConverter.ToUInt64(bytes);
        return () => Interlocked.Increment(ref last);
    }
}
