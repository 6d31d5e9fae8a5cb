using System.Globalization;
using System.Text.Json.Nodes;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>What tests ask of machines again and again.</summary>
internal static class Traffic
{
    /// <summary>Hang protection: what must come comes much sooner.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static async Task RequireAnsweredAsync(VirtualMachine from, string address)
    {
        var ping = await Echo.AskAsync(from.Namespace, address);
        Assert.True(ping.Lost == 0, $"{from.Name} pinged {address}: {ping.Output}");
    }

    public static async Task RequireSilenceAsync(VirtualMachine from, string address)
    {
        var ping = await from.PingAsync(address, 3, Interval);
        Assert.True(ping.Received == 0, $"{from.Name} pinged {address}: {ping.Output}");
    }

    /// <summary>Waits until nothing answers any more.</summary>
    public static Task SilenceAsync(VirtualMachine from, string address) =>
        EventuallyAsync(async () => (await from.PingAsync(address, 2, Interval)).Received == 0,
            $"{address} still answers {from.Name}");

    public static Task AnswerAsync(VirtualMachine from, string address) =>
        EventuallyAsync(async () => (await from.PingAsync(address, 1, Interval)).Received == 1,
            $"{address} does not answer {from.Name}");

    /// <summary>Frames that a machine has received since it was made.</summary>
    public static async Task<long> ReceivedAsync(VirtualMachine machine)
    {
        var text = await machine.RunAsync("ip", "-s", "-j", "link", "show", "dev", "eth0");
        return (long)JsonNode.Parse(text)![0]!["stats64"]!["rx"]!["packets"]!;
    }

    /// <summary>A lasting entry, so that packets leave a machine although nobody answers its ARP.</summary>
    public static Task PinAsync(VirtualMachine machine, string address, string mac) =>
        machine.RunAsync("ip", "neigh", "replace", address, "lladdr", mac, "dev", "eth0", "nud", "permanent");

    /// <summary>Sends echo requests of an exact size that must not be fragmented.</summary>
    /// <param name="packetLength">Bytes of the IP packet.</param>
    public static async Task<PingResult> PingWholeAsync(VirtualMachine from, string address, int packetLength)
    {
        const int headers = 20 + 8;
        var size = (packetLength - headers).ToString(CultureInfo.InvariantCulture);
        var result = await from.Namespace.Command(
            "ping", "-n", "-c", "3", "-i", "0.02", "-W", "1", "-M", "do", "-s", size, address)
            .ResultAsync(TestContext.Current.CancellationToken);
        return PingResult.Parse(result.Output + result.Error);
    }

    public static async Task EventuallyAsync(Func<Task<bool>> condition, string otherwise)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, otherwise);
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
    }
}
