namespace Alcor.Lab;

/// <summary>Runs dhclient, an independent DHCPv6 client (RFC 8415), in a machine.</summary>
public static class Dhcpv6Client
{
    private const string Script = """
        #!/bin/sh
        case "$reason" in
        PREINIT6) ;;
        *)
            [ -n "$new_ip6_address" ] && ip -6 addr replace "$new_ip6_address/128" dev "$interface" nodad
            env >"$ALCOR_LEASE.new" && mv "$ALCOR_LEASE.new" "$ALCOR_LEASE" ;;
        esac
        exit 0

        """;

    /// <summary>Null where it can run; else one sentence saying why not.</summary>
    public static string? WhyNot() =>
        LabRequirements.IsInstalled("dhclient") ? null : "not installed: dhclient, of isc-dhcp-client";

    internal static async Task<IReadOnlyDictionary<string, string>> RunAsync(
        NetworkNamespace network,
        string leaseFile,
        bool isStateless,
        TimeSpan timeLimit,
        CancellationToken cancellationToken)
    {
        var script = leaseFile + ".sh";
        await File.WriteAllTextAsync(script, Script, cancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.Delete(leaseFile);
        string[] options = ["-d", "-v", "-cf", "/dev/null", "-lf", leaseFile + ".leases", "-pf", leaseFile + ".pid"];
        var command = network.Command("dhclient",
        [
            isStateless ? "-S" : "-6", .. options, "-sf", script, "-e", $"ALCOR_LEASE={leaseFile}", "eth0",
        ]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeLimit);
        while (!await HasLinkLocalAddressAsync(network))
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        await using var client = Daemon.Start(command, leaseFile + ".log");
        try
        {
            await client.WaitUntilAsync(() => File.Exists(leaseFile), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"'{command}' was not answered: {File.ReadAllText(client.LogFile)}");
        }
        return (await File.ReadAllLinesAsync(leaseFile, cancellationToken))
            .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }

    /// <summary>Whether there is one that nobody may object to any more: the client asks from it.</summary>
    private static async Task<bool> HasLinkLocalAddressAsync(NetworkNamespace network) =>
        (await network.RunAsync("ip", "-6", "addr", "show", "dev", "eth0", "scope", "link", "-tentative")).Length > 0;
}
