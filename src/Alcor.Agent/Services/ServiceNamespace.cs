using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;

namespace Alcor.Agent.Services;

/// <param name="Name">Of the namespace, as ip-netns(8) knows it.</param>
/// <param name="PortName">The end of its interface pair that is the switch's.</param>
public sealed record ServiceNamespaceOptions(string Name, string PortName);

/// <summary>
/// The network namespace in which a host hears what its machines ask: apart from the host's own network, so that a
/// machine reaches what listens there and nothing else. A pair of interfaces leads to the switch (not one of type
/// internal, which would be lost when the switch restarts); everything goes back through it, to a neighbour that is set
/// and never asked for.
/// </summary>
public sealed class ServiceNamespace(ServiceNamespaceOptions options)
{
    private const string Inner = "services";

    // Beyond what networks of machines have: a packet that is too long for the pair would be lost without a word.
    private const int Mtu = 9_000;

    /// <summary>Whether this kernel has it; without, IPv4 is served alone.</summary>
    public static bool HasIpv6 => Socket.OSSupportsIPv6;

    private string Path => $"/run/netns/{options.Name}";

    /// <summary>Makes what is missing; what is there stays, with all that uses it.</summary>
    /// <exception cref="IOException">It cannot be had; the message says why.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!await HasAsync(inside: null))
        {
            // A name without a namespace: of one whose mount has gone.
            if (File.Exists(Path))
                await IpAsync([], [$"netns del {options.Name}"], cancellationToken);
            await IpAsync([], [$"netns add {options.Name}"], cancellationToken);
        }
        if (!NativeNetwork.HasInterface(options.PortName) || !await HasAsync(Inner))
            await PairAsync(cancellationToken);
        await IpAsync([], [$"link set {options.PortName} up"], cancellationToken);
        await IpAsync(["-n", options.Name],
        [
            $"link set {Inner} up",
            $"addr replace {ServiceAddresses.Service}/32 dev {Inner}",
            $"neigh replace {ServiceAddresses.Gateway} lladdr {ServiceAddresses.GatewayMac} dev {Inner} nud permanent",
            $"route replace {ServiceAddresses.Clients} via {ServiceAddresses.Gateway} dev {Inner} onlink",
        ], cancellationToken);
        if (HasIpv6)
            await EnsureIpv6Async(cancellationToken);
    }

    /// <summary>A new namespace may have IPv6 turned off, as its host has.</summary>
    private async Task EnsureIpv6Async(CancellationToken cancellationToken)
    {
        await InsideAsync(() =>
        {
            File.WriteAllText($"/proc/sys/net/ipv6/conf/{Inner}/disable_ipv6", "0");
            return true;
        });
        await IpAsync(["-n", options.Name],
        [
            $"addr replace {ServiceAddresses.Ipv6Service}/128 dev {Inner} nodad",
            $"neigh replace {ServiceAddresses.Ipv6Gateway} lladdr {ServiceAddresses.GatewayMac} dev {Inner} "
                + "nud permanent",
            $"route replace {ServiceAddresses.Ipv6Clients} via {ServiceAddresses.Ipv6Gateway} dev {Inner}",
        ], cancellationToken);
    }

    /// <summary>Does something inside, such as opening a socket, which stays there.</summary>
    /// <exception cref="IOException">The namespace is not there.</exception>
    public Task<T> InsideAsync<T>(Func<T> act) => NativeNetwork.InsideAsync(Path, act);

    /// <param name="inside">An interface; null: only the namespace is asked for.</param>
    private async Task<bool> HasAsync(string? inside)
    {
        try
        {
            return await InsideAsync(() => inside is null || NativeNetwork.HasInterface(inside));
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task PairAsync(CancellationToken cancellationToken)
    {
        if (NativeNetwork.HasInterface(options.PortName))
            await IpAsync([], [$"link del {options.PortName}"], cancellationToken);
        await IpAsync([],
        [
            $"link add {options.PortName} mtu {Mtu} type veth "
                + $"peer name {Inner} mtu {Mtu} address {ServiceAddresses.ServiceMac} netns {options.Name}",
        ], cancellationToken);
        NativeNetwork.OffloadsOff(options.PortName);
        await InsideAsync(() =>
        {
            NativeNetwork.OffloadsOff(Inner);
            return true;
        });
    }

    /// <summary>Runs lines of ip(8) by one process.</summary>
    private static async Task IpAsync(string[] arguments, string[] lines, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("ip", [.. arguments, "-batch", "-"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            await process.StandardInput.WriteAsync(string.Join('\n', lines) + "\n");
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new IOException($"ip {string.Join("; ", lines)}: {(await error).Trim()}");
        }
        catch (Win32Exception failure)
        {
            throw new IOException($"ip(8) cannot be run: {failure.Message}", failure);
        }
    }
}
