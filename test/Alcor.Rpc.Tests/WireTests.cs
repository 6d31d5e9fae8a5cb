namespace Alcor.Rpc.Tests;

/// <summary>The public pieces that need no connection.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData("Upper", "v")]
    [InlineData("", "v")]
    [InlineData("grpc-status", "0")]
    [InlineData("te", "trailers")]
    [InlineData("a", "ü")]
    [InlineData("a", "line\nbreak")]
    public void Metadata_that_cannot_be_carried_is_refused(string name, string value) =>
        Assert.Throws<ArgumentException>(() => new RpcMetadata { { name, value } });

    [Fact]
    public void Bytes_come_back_from_metadata_as_they_went_in()
    {
        var random = Seed.For(nameof(Bytes_come_back_from_metadata_as_they_went_in));
        for (var length = 0; length < 100; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var metadata = new RpcMetadata { { "a-bin", bytes } };
            Assert.Equal(bytes, metadata.GetBytes("a-bin"));
        }

        Assert.Throws<ArgumentException>(() => new RpcMetadata { { "a", [1] } });
        Assert.Null(new RpcMetadata().GetBytes("a-bin"));
        Assert.Null(new RpcMetadata { { "a-bin", "!!!" } }.GetBytes("a-bin"));
    }

    [Fact]
    public void Ok_is_no_exception() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RpcException(RpcStatus.Ok, ""));
}
