using System.IO.Pipelines;
using System.Text;
using Alcor.Server.Metadata;

namespace Alcor.Server.Tests.Metadata;

public sealed class HostZonesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Host: [fe80::a9fe:a9fe%eth0]", "Host: [fe80::a9fe:a9fe]     ")]
    [InlineData("host:[fe80::a9fe:a9fe%25eth0]:80", "host:[fe80::a9fe:a9fe]:80       ")]
    [InlineData("Host: [fe80::a9fe:a9fe]", "Host: [fe80::a9fe:a9fe]")]
    [InlineData("Host: a%b", "Host: a%b")]
    [InlineData("Host: ]%", "Host: ]%")]
    [InlineData("X-Host: [fe80::1%eth0]", "X-Host: [fe80::1%eth0]")]
    public async Task The_zone_of_the_first_host_header_becomes_space(string header, string expected)
    {
        const string rest = "Accept: */*\r\n\r\nHost: [fe80::1%eth0]\r\n\r\n";
        var asked = $"POST /a%20b HTTP/1.1\r\n{header}\r\n{rest}";
        foreach (var piece in new[] { 1, 7, asked.Length })
            Assert.Equal($"POST /a%20b HTTP/1.1\r\n{expected}\r\n{rest}", await PassedAsync(asked, piece));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\nHost: [fe80::1%eth0]\r\n")]
    public async Task What_ends_too_soon_is_left_as_it_is(string asked) =>
        Assert.Equal(asked, await PassedAsync(asked, piece: 3));

    [Fact]
    public async Task Whoever_says_headers_without_end_is_waited_for_no_longer_than_that()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(new byte[MetadataLimits.RequestHeadBytesMax], Token);
        await HostZones.BlankAsync(pipe.Reader, Token);
        Assert.Equal(MetadataLimits.RequestHeadBytesMax, (await pipe.Reader.ReadAsync(Token)).Buffer.Length);
    }

    /// <summary>What is read in the end of what comes in pieces.</summary>
    private static async Task<string> PassedAsync(string asked, int piece)
    {
        // Small segments, so that what is written spans some.
        var pipe = new Pipe(new PipeOptions(minimumSegmentSize: 16));
        var blanking = HostZones.BlankAsync(pipe.Reader, Token);
        foreach (var part in asked.Chunk(piece))
            await pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(part), Token);
        await pipe.Writer.CompleteAsync();
        await blanking;
        return Encoding.ASCII.GetString((await pipe.Reader.ReadAtLeastAsync(asked.Length, Token)).Buffer);
    }
}
